package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	key   = "key-of-alice"
	other = "key-of-bob"
	// approver is a key of alice's tenant too.
	approver = "key-of-carol"
	secret   = "a secret key of thirty-two bytes"
	// marker is the secret access key of every request: it must come out nowhere.
	marker = "wJalrMARKERutnFEMI/K7MDENG+bPxRfiCYEXAMPLE"
)

// alice and bob are the tenants that the keys stand for.
const alice, bob = tracker.DefaultTenant, "bob"

var types = []tracker.TypeInfo{
	{Type: "S3_Bucket", Service: "s3", Scope: "global"},
	{Type: "EC2_Instance", Service: "ec2", Scope: "regional", Permissions: []string{"ec2:DescribeInstances"}, Verbs: []string{"stop"}},
	{Type: "IAM_User", Service: "iam", Scope: "global"},
}

var uncovered = []tracker.Uncovered{
	{Kind: "S3 table buckets", Service: "s3tables", Beside: "S3_Bucket", Reason: "no scanner"},
}

// keys are API keys that are kept, and whom they stand for.
type keys map[string]tracker.Principal

func (k keys) AuthenticateKey(_ context.Context, secret string) (tracker.Principal, error) {
	if p, ok := k[secret]; ok {
		return p, nil
	}
	return tracker.Principal{}, tracker.Errorf(tracker.CodeNotFound, "no such key")
}

func (k keys) KeyOfSum(_ context.Context, id, sum string) (tracker.Principal, error) {
	for secret, p := range k {
		if digest := sha256.Sum256([]byte(secret)); p.Who == "key:"+id && hex.EncodeToString(digest[:]) == sum {
			return p, nil
		}
	}
	return tracker.Principal{}, tracker.Errorf(tracker.CodeNotFound, "no such key")
}

func (keys) AddKey(_ context.Context, _ tracker.Principal, k tracker.APIKey) (tracker.APIKey, string, error) {
	k.ID = "new"
	return k, "trk_new_secret", nil
}

func (keys) KeysOf(context.Context, string) ([]tracker.APIKey, error) { return []tracker.APIKey{}, nil }

func (keys) RotateKey(_ context.Context, _ tracker.Principal, id string, _ time.Duration) (tracker.APIKey, string, error) {
	return tracker.APIKey{}, "", tracker.Errorf(tracker.CodeNotFound, "no key %s", id)
}

func (keys) DeleteKey(_ context.Context, _ tracker.Principal, id string) error {
	return tracker.Errorf(tracker.CodeNotFound, "no key %s", id)
}

// kept is somebody of a tenant with roles.
func kept(tenant, who string, roles ...tracker.Role) tracker.Principal {
	p := tracker.Principal{Tenant: tenant, Who: who, Person: who}
	for _, r := range roles {
		p.Grants = append(p.Grants, tracker.Grant{Role: r})
	}
	return p
}

// credentials is a body with them and more members.
func credentials(more string) string {
	return fmt.Sprintf(`{"access_key_id":"AKIAEXAMPLE","secret_access_key":%q%s}`, marker, more)
}

// door is a server on a fake, and its log.
type door struct {
	*testing.T
	*api.Server
	fake *fake
	log  *bytes.Buffer
}

// open starts a server on f. Whatever the test does, the marker must not show.
func open(t *testing.T, f *fake, change ...func(*api.Options)) *door {
	t.Helper()
	d := &door{T: t, fake: f, log: &bytes.Buffer{}}
	o := api.Options{
		Jobs: f, Results: f, Plans: f, Audit: f, Accounts: f, Sealer: f, Types: types, Uncovered: uncovered, APIKeys: []string{key}, OperatorKeys: []string{key}, SecretKey: secret,
		Keys:     keys{other: kept(bob, "key:bob", tracker.RoleOperator, tracker.RoleActor), approver: kept(alice, "key:carol", tracker.RoleApprover)},
		Sessions: &sessions{},
		Log:      slog.New(slog.NewJSONHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&o)
	}
	var err error
	if d.Server, err = api.New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if strings.Contains(d.log.String(), marker) {
			t.Errorf("the log holds the secret:\n%s", d.log)
		}
	})
	return d
}

// answer is a response read to its end.
type answer struct {
	code   int
	header http.Header
	body   string
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return v
}

// call sends a request as alice; headers are pairs of name and value, and an
// empty value removes.
func (d *door) call(method, target, body string, headers ...string) answer {
	d.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("X-API-Key", key)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for pair := range slices.Chunk(headers, 2) {
		r.Header.Set(pair[0], pair[1])
		if pair[1] == "" {
			r.Header.Del(pair[0])
		}
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	a := answer{w.Code, w.Header(), w.Body.String()}
	if strings.Contains(a.body, marker) || strings.Contains(fmt.Sprint(a.header), marker) {
		d.Errorf("%s %s answers the secret:\n%s", method, target, a.body)
	}
	d.documented(r, a)
	return a
}

// documented holds every answer against the document: its status, its media
// type and its headers that clients act on.
func (d *door) documented(r *http.Request, a answer) {
	d.Helper()
	i := slices.IndexFunc(operations(d.T), func(o operation) bool { return o.takes(r) })
	if i < 0 {
		return
	}
	o := operations(d.T)[i]
	described, ok := o.Responses[strconv.Itoa(a.code)]
	if !ok {
		d.Errorf("%s answers %d, which the document lacks: %s", o.OperationID, a.code, a.body)
		return
	}
	media, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	if _, ok := described.Content[media]; !ok && (media != "" || len(described.Content) > 0) {
		d.Errorf("%s answers %d in %q, which the document lacks", o.OperationID, a.code, media)
	}
	if err := o.validates(a.code, media, a.body); err != nil {
		d.Errorf("%s answers %d %.500s, which does not meet its schema: %v", o.OperationID, a.code, a.body, err)
	}
	for _, name := range []string{"Location", "Retry-After", "Content-Disposition", "Preference-Applied", "Set-Cookie", "X-Job-State", "X-Scan-Complete"} {
		if _, ok := described.Headers[name]; !ok && a.header.Get(name) != "" {
			d.Errorf("%s answers %d with %s, which the document lacks", o.OperationID, a.code, name)
		}
	}
}

// finished is a job of alice with two resources and one failed cell.
func finished(state tracker.JobState) *fake {
	f := &fake{}
	j := f.add(alice, "job-1", state)
	end := epoch.Add(time.Minute)
	j.FinishedAt = &end
	j.Progress = tracker.Progress{CellsTotal: 3, CellsClosed: 3, ByOutcome: map[tracker.Outcome]int{"ok": 2, "denied": 1}, Percent: 100}
	cost := 7 * tracker.Dollar
	f.found["job-1"] = []tracker.Resource{
		{
			ID: "i-1", Name: tracker.Named("web"), Type: "EC2_Instance", AccountID: "123456789012", Region: "eu-west-1", State: "running",
			Tags: map[string]string{"env": "prod", "a=b": "c,d", "empty": ""}, MonthlyCost: &cost, Metadata: tracker.Metadata{"vpc_id": nil},
		},
		{
			ID: "logs", Type: "S3_Bucket", AccountID: "123456789012", Region: "us-east-1", State: "active",
			Tags: map[string]string{"env": "dev"}, Metadata: tracker.Metadata{},
		},
	}
	j.Summary = tracker.NewSummary()
	for _, r := range f.found["job-1"] {
		j.Summary.Add(r)
	}
	f.cells["job-1"] = []tracker.CellReport{
		{
			Cell: tracker.Cell{AccountID: "123456789012", Region: "us-east-1", Type: "EC2_Instance"}, Outcome: tracker.OutcomeDenied,
			Error: &tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "UnauthorizedOperation", API: "ec2:DescribeInstances", Message: "not allowed"},
		},
		{Cell: tracker.Cell{AccountID: "123456789012", Region: "eu-west-1", Type: "EC2_Instance"}, Outcome: tracker.OutcomeOK, Resources: 1},
		{Cell: tracker.Cell{AccountID: "123456789012", Region: "global", Type: "S3_Bucket"}, Outcome: tracker.OutcomeOK, Resources: 1},
	}
	return f
}

// operation is one of the document.
type operation struct {
	method, path string
	OperationID  string
	Summary      string
	Tags         []string
	Security     []map[string][]string
	Permission   tracker.Permit `json:"x-permission"`
	Parameters   []struct{ In, Name, Description string }
	RequestBody  map[string]any
	Responses    map[string]struct {
		Description string
		Headers     map[string]struct {
			Description string
			Schema      struct{ Description string }
		}
		Content map[string]struct{ Schema map[string]any }
	}
}

// openAPI is what tests read of the document.
type openAPI struct {
	Paths      map[string]map[string]operation
	Tags       []struct{ Name string }
	operations []operation
}

// takes reports whether a request is for the operation.
func (o operation) takes(r *http.Request) bool {
	path, parts := strings.Split(r.URL.EscapedPath(), "/"), strings.Split(o.path, "/")
	return r.Method == o.method && slices.EqualFunc(path, parts, func(got, want string) bool {
		return got == want || strings.HasPrefix(want, "{") && got != ""
	})
}

// openToAll are the paths that ask for no authentication.
var openToAll = []string{"/api/v1/auth/device", "/health", "/api/v1/health", "/ready"}

// document is what is published.
var document = sync.OnceValues(func() (doc openAPI, err error) {
	b, err := api.OpenAPI(api.Options{})
	if err != nil {
		return doc, err
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		return doc, err
	}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(doc.Paths[path])) {
			o := doc.Paths[path][method]
			o.method, o.path = strings.ToUpper(method), path
			doc.operations = append(doc.operations, o)
		}
	}
	return doc, nil
})

// operations are all documented operations, by path and method.
func operations(t *testing.T) []operation {
	t.Helper()
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	return doc.operations
}
