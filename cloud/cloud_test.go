package cloud

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/tracker"
)

const secret = "wJalrXUtnFEMI/MARKER/bPxRfiCYEXAMPLEKEY"

var someKeys = tracker.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: secret}

// answer is what a pretended AWS says to one request.
type answer struct {
	status int
	header map[string]string
	body   string
}

// fake answers requests and counts them by operation.
type fake struct {
	mu     sync.Mutex
	calls  []string // operations in order
	bodies []string
	keys   []string // access key IDs that signed
	reply  func(op string, n int) answer
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	op := r.Header.Get("X-Amz-Target")
	if op == "" {
		for pair := range strings.SplitSeq(string(body), "&") {
			if v, ok := strings.CutPrefix(pair, "Action="); ok {
				op = v
			}
		}
	}
	if op == "" {
		op = r.Method + " " + r.URL.Path
	}
	f.mu.Lock()
	n := 1
	for _, c := range f.calls {
		if c == op {
			n++
		}
	}
	f.calls = append(f.calls, op)
	f.bodies = append(f.bodies, string(body))
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	id, _, _ := strings.Cut(credential, "/")
	f.keys = append(f.keys, id)
	f.mu.Unlock()

	a := f.reply(op, n)
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// Do lets the fake stand in for the transport, so that time can be pretended too.
func (f *fake) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w.Result(), nil
}

func (f *fake) use(cfg *aws.Config) { cfg.HTTPClient = f }

// noSettings keeps the machine's own AWS settings out of a test.
func noSettings(t *testing.T) {
	t.Helper()
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")
	for _, name := range []string{
		"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL",
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	} {
		t.Setenv(name, "")
	}
}

func open(t *testing.T, o Options) *Cloud {
	t.Helper()
	o.Names = names
	c, err := New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// names knows the services of the tests that IAM calls otherwise than the SDK.
func names(serviceID, operation string) (service, action string) {
	service = map[string]string{
		"CloudWatch Logs": "logs", "Elastic Load Balancing v2": "elasticloadbalancing", "Resource Groups Tagging API": "tag", "S3": "s3",
	}[serviceID]
	if operation == "ListBuckets" {
		operation = "ListAllMyBuckets"
	}
	return service, service + ":" + operation
}

func session(t *testing.T, c *Cloud, creds tracker.Credentials) *Session {
	t.Helper()
	s, err := c.Session(context.Background(), creds)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func identity(account string) answer {
	return answer{body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
		`<Arn>arn:aws:iam::` + account + `:user/u</Arn><UserId>AIDA</UserId><Account>` + account + `</Account>` +
		`</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`}
}

func ec2Error(status int, code, message string) answer {
	return answer{status: status, body: `<Response><Errors><Error><Code>` + code + `</Code><Message>` + message +
		`</Message></Error></Errors><RequestID>r-ec2</RequestID></Response>`}
}

func queryError(status int, code, message string) answer {
	return answer{status: status, body: `<ErrorResponse><Error><Type>Sender</Type><Code>` + code + `</Code><Message>` + message +
		`</Message></Error><RequestId>r-query</RequestId></ErrorResponse>`}
}

func jsonError(status int, code, message string) answer {
	return answer{
		status: status, header: map[string]string{"X-Amzn-RequestId": "r-json", "Content-Type": "application/x-amz-json-1.1"},
		body: `{"__type":"` + code + `","message":"` + message + `"}`,
	}
}

func restJSONError(status int, code, message string) answer {
	return answer{
		status: status, header: map[string]string{"X-Amzn-RequestId": "r-rest", "X-Amzn-ErrorType": code},
		body: `{"Message":"` + message + `"}`,
	}
}

func s3Error(status int, code, message string) answer {
	return answer{status: status, header: map[string]string{"X-Amz-Request-Id": "r-s3"}, body: `<?xml version="1.0" encoding="UTF-8"?>` +
		`<Error><Code>` + code + `</Code><Message>` + message + `</Message><RequestId>r-s3</RequestId><HostId>h</HostId></Error>`}
}
