package sdk

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// The SDK reads an answer of HTTP 200 that has no body as an empty list, in every
// protocol, and one whose root it does not know alike. Such answers do not come from
// AWS but from what stands before it: a proxy, a captive portal, a broken stand-in.
// Nobody has looked then, and "nothing is there" would be a lie.

// AnswerError says that what answered a call with HTTP 200 answered something that
// the operation's protocol does not know. Another try may be answered by AWS.
type AnswerError struct {
	Operation string
	Flaw      string // what is wrong: "its body is empty"
}

func (e *AnswerError) Error() string {
	return "what answers " + e.Operation + " is no answer of AWS: " + e.Flaw
}

// RetryableError makes the SDK's retry loop try again.
func (*AnswerError) RetryableError() bool { return true }

// Whole makes the calls of a client fail with an AnswerError where an operation that
// has an output is answered without one. An empty JSON object is one: AWS answers it
// for a structure of which nothing is known.
func Whole(stack *middleware.Stack) error {
	if _, ok := stack.Deserialize.Get(deserializer); !ok {
		return nil // presigning is answered nothing
	}
	look := middleware.DeserializeMiddlewareFunc("ResourceTrackerLook", lookAtBody)
	if err := stack.Deserialize.Insert(look, deserializer, middleware.After); err != nil {
		return err
	}
	judge := middleware.DeserializeMiddlewareFunc("ResourceTrackerJudge", judgeAnswer)
	return stack.Deserialize.Insert(judge, deserializer, middleware.Before)
}

// deserializer is what every client's stack calls the middleware that reads answers.
const deserializer = "OperationDeserializer"

type flawKey struct{}

const noBody = "its body is empty"

// lookAtBody stands between the transport and the SDK's deserializer. It notes what
// is wrong with the beginning of a body, which it leaves to be read.
func lookAtBody(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error,
) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	response, answered := out.RawResponse.(*smithyhttp.Response)
	request, sent := in.Request.(*smithyhttp.Request)
	if err != nil || !answered || !sent || response.StatusCode != http.StatusOK || request.Method == http.MethodHead {
		return out, metadata, err
	}
	body := bufio.NewReaderSize(response.Body, maxHead)
	head, readErr := body.Peek(maxHead)
	response.Body = struct {
		io.Reader
		io.Closer
	}{body, response.Body}
	// A body that breaks off is an error of its own, which the deserializer meets.
	if readErr == nil || errors.Is(readErr, io.EOF) {
		metadata.Set(flawKey{}, flawOf(head, request, awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx)))
	}
	return out, metadata, nil
}

// maxHead is how much of a body is looked at. What an XML document may have before its
// root is much shorter in AWS's answers.
const maxHead = 1 << 10

// judgeAnswer stands around the deserializer, which knows the operation's output.
func judgeAnswer(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error,
) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	flaw, _ := metadata.Get(flawKey{}).(string)
	if flaw == "" || err == nil && !missing(flaw, out.Result) {
		return out, metadata, err
	}
	return out, metadata, &AnswerError{Operation: awsmiddleware.GetOperationName(ctx), Flaw: flaw}
}

// missing reports whether an output has members that were to be read from a body with a
// flaw. A body that is handed on as a stream has no form to keep. Where there is no
// body, what was read stands in the headers, as what S3 answers to a bucket's creation.
func missing(flaw string, output any) bool {
	v := reflect.Indirect(reflect.ValueOf(output))
	if v.Kind() != reflect.Struct {
		return false
	}
	members := 0
	for f, value := range v.Fields() {
		if !f.IsExported() || f.Type == reflect.TypeFor[middleware.Metadata]() {
			continue
		}
		if f.Type == reflect.TypeFor[io.ReadCloser]() || flaw == noBody && !value.IsZero() {
			return false
		}
		members++
	}
	return members > 0
}

// AnswersXML reports whether a service, by the SDK's ID, answers a REST request with
// XML. All others answer with JSON.
func AnswersXML(service string) bool {
	return service == "CloudFront" || service == "Route 53" || service == "S3"
}

// jsonPayloads are operations of services that AnswersXML names, whose answer is a JSON document itself.
var jsonPayloads = map[string]bool{"GetBucketPolicy": true}

// flawOf says what the beginning of a body lacks of what the protocol demands.
func flawOf(head []byte, request *smithyhttp.Request, service, operation string) string {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(head) == 0:
		return noBody
	case request.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		const majorType, ofMap = 0xe0, 0xa0 // RFC 8949, 3.1
		if head[0]&majorType != ofMap {
			return "its body is no CBOR map"
		}
	case strings.HasPrefix(request.Header.Get("Content-Type"), "application/x-www-form-urlencoded"): // Query and EC2
		if got, want := rootOf(head), operation+"Response"; got != want {
			return fmt.Sprintf("its root is %q and not %q", got, want)
		}
	case AnswersXML(service) && !jsonPayloads[operation]:
		if got := rootOf(head); got == "" || got == "Error" || strings.EqualFold(got, "html") {
			return fmt.Sprintf("its root is %q", got)
		}
	case head[0] != '{':
		return "its body is no JSON object"
	}
	return ""
}

// rootOf returns the name of a document's root element; none where it is no XML.
func rootOf(head []byte) string {
	d := xml.NewDecoder(bytes.NewReader(head))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		switch token, err := d.Token(); token := token.(type) {
		case xml.StartElement:
			return token.Name.Local
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 {
				return ""
			}
		default:
			if err != nil {
				return ""
			}
		}
	}
}
