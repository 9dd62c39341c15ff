package scanners

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/encoding/cbor"
	"github.com/aws/smithy-go/middleware"

	"github.com/consolesensei/resource-tracker/internal/sdk"
)

// target is where tests look: answers is what AWS says there.
func target(answers aws.HTTPClient) Target {
	return Target{
		AccountID: "111122223333",
		Config: aws.Config{
			Region:      "eu-west-1",
			Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
			HTTPClient:  answers,
			Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
			APIOptions:  []func(*middleware.Stack) error{sdk.Whole},
		},
	}
}

// answers is AWS as a function of one call. The answer is in the service's
// format, but JSON for those that speak CBOR.
type answers func(c call) (status int, body string)

// call is one request to AWS.
type call struct {
	service, op, region string
	text                string // URL and body
}

func (f answers) Do(req *http.Request) (*http.Response, error) {
	c := call{
		service: awsmiddleware.GetServiceID(req.Context()),
		op:      awsmiddleware.GetOperationName(req.Context()),
		region:  awsmiddleware.GetRegion(req.Context()),
		text:    req.URL.String(),
	}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		c.text += "\n" + string(body)
	}
	status, text := f(c)
	res := &http.Response{StatusCode: status, Header: http.Header{"Date": {"Thu, 26 Nov 2026 18:00:00 GMT"}}, Request: req}
	body := []byte(text)
	if service, _ := called(c.service); service.Protocol == CBOR {
		res.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
		res.Header.Set("Content-Type", "application/cbor")
		var v any
		if json.Unmarshal(body, &v) == nil { // else it is meant to be no answer
			body = cbor.Encode(toCBOR("", v))
		}
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// toCBOR encodes what JSON can say, and times and integers under names that
// mean those.
func toCBOR(name string, v any) cbor.Value {
	switch v := v.(type) {
	case string:
		return cbor.String(v)
	case bool:
		return cbor.Bool(v)
	case float64:
		if strings.HasSuffix(name, "Timestamps") || strings.HasSuffix(name, "Timestamp") {
			return &cbor.Tag{ID: 1, Value: cbor.Float64(v)}
		}
		if name == "Period" || name == "EvaluationPeriods" {
			return cbor.Uint(v)
		}
		return cbor.Float64(v)
	case []any:
		list := cbor.List{}
		for _, item := range v {
			list = append(list, toCBOR(name, item))
		}
		return list
	case map[string]any:
		m := cbor.Map{}
		for k, item := range v {
			m[k] = toCBOR(k, item)
		}
		return m
	default:
		return &cbor.Nil{}
	}
}

// fixtures answers calls with recordings, testdata/<type>/<Operation>.<n>.<ext>:
// the n-th answer to the operation. In <Operation>.<words>.<n>.<ext> it is the
// n-th answer to requests that contain the words, for operations that are called
// for several things.
type fixtures struct {
	dir   string
	files map[chain][]string // the paths of a chain's answers, in order

	mu       sync.Mutex
	asked    map[chain]int
	previous map[chain]string // the token of the chain's latest answer
	followed map[string]bool  // operations whose token came back in a request
	actions  map[string]bool  // IAM actions that the calls need
	services map[string]bool  // that were called
	first    string           // the operation that was called first
	pages    map[string]bool  // operations that take a token
	problems []string

	// What recordings do not tell of themselves, in notes.json where there is anything.
	notes
}

// notes are what the tests of a type are told about its calls. Operations are
// called "ecs.ListServices".
type notes struct {
	// Region is where the type was recorded, where not in eu-west-1.
	Region string `json:"region"`
	// Lists are the operations that list the type, where that is not its first call.
	Lists []string `json:"lists"`
	// Item is the list in the answer that holds the type, where it is not the first
	// that is not empty; Sample is which of its items to repeat, where not the first.
	Item   string `json:"item"`
	Sample int    `json:"sample"`
	// PageSizes are of operations that take no size.
	PageSizes map[string]int `json:"page_sizes"`
	// LookUps are the operations that page, but only about what was listed.
	LookUps []string `json:"look_ups"`
	// Once are the operations that take a token, but for what is asked answer in one page.
	Once []string `json:"once"`
}

type chain struct{ op, words string }

func readFixtures(t *testing.T, dir string) *fixtures {
	t.Helper()
	f := &fixtures{
		dir: dir, files: map[chain][]string{}, asked: map[chain]int{},
		previous: map[chain]string{}, followed: map[string]bool{}, actions: map[string]bool{},
		services: map[string]bool{}, pages: map[string]bool{},
	}
	if b, err := os.ReadFile(filepath.Join(dir, "notes.json")); err == nil {
		if err := json.Unmarshal(b, &f.notes); err != nil {
			t.Fatal(err)
		}
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.*.*"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	for _, p := range paths {
		stem := strings.TrimSuffix(filepath.Base(p), filepath.Ext(p))
		op, rest, _ := strings.Cut(stem, ".")
		words, n := "", rest
		if i := strings.LastIndex(rest, "."); i >= 0 {
			words, n = rest[:i], rest[i+1:]
		}
		c := chain{op, words}
		f.files[c] = append(f.files[c], p)
		if n != strconv.Itoa(len(f.files[c])) {
			t.Errorf("%s is not number %d of its chain", p, len(f.files[c]))
		}
	}
	return f
}

// target is where the recordings are AWS.
func (f *fixtures) target() Target {
	t := target(answers(f.answer))
	t.Config.Region = cmp.Or(f.Region, t.Config.Region)
	t.Config.APIOptions = append(t.Config.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("pages", f.watch), middleware.Before)
	})
	return t
}

// watch notes which operations take a token.
func (f *fixtures) watch(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	paged := slices.ContainsFunc(fields(reflect.ValueOf(in.Parameters).Elem()), func(a field) bool { return slices.Contains(tokenNames, a.name) })
	op := sdk.Operation(in.Parameters)
	f.mu.Lock()
	f.first = cmp.Or(f.first, last(op, "."))
	f.pages[last(op, ".")] = paged && !slices.Contains(f.Once, op)
	f.mu.Unlock()
	return next.HandleInitialize(ctx, in)
}

var token = regexp.MustCompile(`(?:<(?:nextToken|NextToken|NextMarker|Marker|ContinuationToken)>|"(?:nextToken|NextToken|NextMarker|Marker|PaginationToken|nextPageToken|position|LastEvaluatedTableName)":\s*")([^<"]+)|"([^"]+)"\s*\],\s*"HasMoreDeliveryStreams": true`)

func (f *fixtures) answer(c call) (int, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, action := Action(c.service, c.op)
	f.actions[action], f.services[c.service] = true, true

	var best chain
	found := false
	for ch := range f.files {
		if ch.op == c.op && strings.Contains(c.text, ch.words) && (!found || len(ch.words) > len(best.words)) {
			best, found = ch, true
		}
	}
	n := f.asked[best]
	if !found || n >= len(f.files[best]) {
		f.problems = append(f.problems, fmt.Sprintf("no recording for call %d of %s: %.300s", n+1, c.op, c.text))
		return http.StatusTeapot, "{}"
	}
	f.asked[best]++
	if want := f.previous[best]; want != "" {
		if !carries(c.text, want) {
			f.problems = append(f.problems, fmt.Sprintf("call %d of %s lacks the token %s: %.300s", n+1, c.op, want, c.text))
		}
		f.followed[c.op] = true
	}
	body, err := os.ReadFile(f.files[best][n])
	if err != nil {
		f.problems = append(f.problems, err.Error())
	}
	f.previous[best] = ""
	if m := token.FindSubmatch(body); m != nil {
		f.previous[best] = string(m[1]) + string(m[2])
	}
	return http.StatusOK, string(body)
}

// carries reports whether a request holds a token, which is escaped in a URL or
// a form, and plain in JSON and CBOR.
func carries(request, token string) bool {
	return strings.Contains(request, token) || strings.Contains(request, url.QueryEscape(token))
}

// unused returns the recordings that nobody asked for.
func (f *fixtures) unused() []string {
	var left []string
	for c, paths := range f.files {
		left = append(left, paths[f.asked[c]:]...)
	}
	return slices.Sorted(slices.Values(left))
}

// tags reports whether an operation asks for the tags of what was listed. They are
// either one page, or asked for by ARN, which has no pages.
func (f *fixtures) tags(op string) bool { return op == "GetResources" && f.first != op }

// looksUp reports whether an operation is about resources that were listed: it is
// not what lists them.
func (f *fixtures) looksUp(op string) bool {
	named := func(ops []string) bool {
		return slices.ContainsFunc(ops, func(o string) bool { return last(o, ".") == op })
	}
	return f.tags(op) || named(f.LookUps) || op != f.first && !f.pages[op] && !named(f.Lists)
}

// unpaged returns the operations that were called, page, and were never asked
// for a second page.
func (f *fixtures) unpaged() []string {
	ops := map[string]bool{}
	for c := range f.asked {
		if f.pages[c.op] && !f.followed[c.op] && !f.tags(c.op) {
			ops[c.op] = true
		}
	}
	return slices.Sorted(maps.Keys(ops))
}
