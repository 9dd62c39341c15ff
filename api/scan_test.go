package api_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

const role = "arn:aws:iam::123456789012:role/tracker"

func TestBadRequestsNameTheirField(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, tc := range []struct {
		name, method, target, body string
		code                       int
		field                      string // in errors, or "" for none
	}{
		{"max_workers 0", "POST", "/api/v1/scan", credentials(`,"max_workers":0`), 422, "body.max_workers"},
		{"max_workers 21", "POST", "/api/v1/scan", credentials(`,"max_workers":21`), 422, "body.max_workers"},
		{"max_workers -1", "POST", "/api/v1/scan", credentials(`,"max_workers":-1`), 422, "body.max_workers"},
		{"max_workers 1.5", "POST", "/api/v1/scan", credentials(`,"max_workers":1.5`), 422, "body.max_workers"},
		{"max_workers text", "POST", "/api/v1/scan", credentials(`,"max_workers":"5"`), 422, "body.max_workers"},
		{"max_workers in capitals", "POST", "/api/v1/scan", credentials(`,"MAX_WORKERS":100`), 422, "body.MAX_WORKERS"},
		{"unknown member", "POST", "/api/v1/scan", credentials(`,"zzz":1`), 422, "body.zzz"},
		{"long unknown member", "POST", "/api/v1/scan", credentials(`,"` + long + `":1`), 422, "body." + long[:95] + "…"},
		{"unknown region", "POST", "/api/v1/scan", credentials(`,"regions":["eu-west-1","moon"]`), 422, "body.regions[1]"},
		{"region that is no text", "POST", "/api/v1/scan", credentials(`,"regions":[1]`), 422, "body.regions[0]"},
		{"empty region", "POST", "/api/v1/scan", credentials(`,"regions":[""]`), 422, "body.regions[0]"},
		{"unknown type", "POST", "/api/v1/scan", credentials(`,"types":["EC2_Instances"]`), 422, "body.types[0]"},
		{"no such timeout", "POST", "/api/v1/scan", credentials(`,"timeout_seconds":0`), 422, "body.timeout_seconds"},
		{"endless timeout", "POST", "/api/v1/scan", credentials(`,"timeout_seconds":86401`), 422, "body.timeout_seconds"},
		{"key with a space", "POST", "/api/v1/scan", `{"access_key_id":"A B","secret_access_key":"` + marker + `"}`, 422, "body.access_key_id"},
		{"secret that is a number", "POST", "/api/v1/scan", `{"access_key_id":"A","secret_access_key":123456789}`, 422, "body.secret_access_key"},
		{"secret with a new line", "POST", "/api/v1/scan", `{"access_key_id":"A","secret_access_key":"` + marker + `\n"}`, 422, "body.secret_access_key"},
		{"long session token", "POST", "/api/v1/scan", credentials(`,"session_token":"` + long + `"`), 422, "body.session_token"},
		{"role that is none", "POST", "/api/v1/scan", credentials(`,"role_arn":"arn:aws:iam::1:user/x"`), 422, "body.role_arn"},
		{"external ID alone", "POST", "/api/v1/scan", credentials(`,"external_id":"abc"`), 422, "body.external_id"},
		{"external ID of one letter", "POST", "/api/v1/scan", credentials(`,"role_arn":"` + role + `","external_id":"a"`), 422, "body.external_id"},
		{"role without keys", "POST", "/api/v1/scan", `{"role_arn":"` + role + `"}`, 422, "body.role_arn"},
		{"half a pair", "POST", "/api/v1/scan", `{"secret_access_key":"` + marker + `"}`, 400, "body.access_key_id"},
		{"account without role", "POST", "/api/v1/scan", credentials(`,"accounts":[{"regions":[]}]`), 422, "body.accounts[0]"},
		{"account with a bad role", "POST", "/api/v1/scan", credentials(`,"accounts":[{"role_arn":"x"}]`), 422, "body.accounts[0].role_arn"},
		{"account with a bad region", "POST", "/api/v1/scan", credentials(`,"accounts":[{"role_arn":"` + role + `","regions":["x"]}]`), 422, "body.accounts[0].regions[0]"},
		{"account twice", "POST", "/api/v1/scan", credentials(`,"accounts":[{"role_arn":"` + role + `"},{"role_arn":"` + role + `"}]`), 422, "body.accounts[1].role_arn"},
		{"account with a secret", "POST", "/api/v1/scan", credentials(`,"accounts":[{"role_arn":"` + role + `","secret":"` + marker + `"}]`), 422, "body.accounts[0].secret"},
		{"organisation and accounts", "POST", "/api/v1/scan", credentials(`,"organization":true,"accounts":[{"role_arn":"` + role + `"}]`), 422, "body.organization"},
		{"wait too long", "POST", "/api/v1/scan?wait=61", credentials(""), 422, "query.wait"},
		{"wait that is no number", "POST", "/api/v1/scan?wait=" + "soon", credentials(""), 422, "query.wait"},
		{"unknown parameter", "POST", "/api/v1/scan?region=x", credentials(""), 422, "query.region"},
		{"array", "POST", "/api/v1/scan", `["` + marker + `"]`, 422, "body"},
		{"text", "POST", "/api/v1/scan", `"` + marker + `"`, 422, "body"},
		{"broken JSON", "POST", "/api/v1/scan", `{"secret_access_key":"` + marker + `"`, 400, "body"},
		{"two documents", "POST", "/api/v1/scan", credentials("") + credentials(""), 400, "body"},
		{"large body", "POST", "/api/v1/scan", credentials(`,"types":["` + strings.Repeat("x", 2<<20) + `"]`), 413, ""},
		{"limit 0", "GET", "/api/v1/jobs/job-1/resources?limit=0", "", 422, "query.limit"},
		{"limit 1001", "GET", "/api/v1/jobs/job-1/resources?limit=1001", "", 422, "query.limit"},
		{"unknown filter", "GET", "/api/v1/jobs/job-1/resources?type=EC2_Instance", "", 422, "query.type"},
		{"filter on a type that is none", "GET", "/api/v1/resources?resource_type=ec2", "", 422, "query.resource_type"},
		{"filter on a region that is none", "GET", "/api/v1/resources?region=moon", "", 422, "query.region"},
		{"filter twice", "GET", "/api/v1/resources?region=eu-west-1&region=eu-west-2", "", 422, "query.region"},
		{"filter that cannot be decoded", "GET", "/api/v1/resources?region=%zz", "", 422, "query"},
		{"tag without value", "GET", "/api/v1/resources?tag=env", "", 422, "query.tag"},
		{"tag without key", "GET", "/api/v1/resources?tag.=x", "", 422, "query.tag."},
		{"cursor of another listing", "GET", "/api/v1/resources?cursor=x", "", 422, "query.cursor"},
		{"cursor of nothing", "GET", "/api/v1/jobs?cursor=bad", "", 422, "query.cursor"},
		{"unknown outcome", "GET", "/api/v1/jobs/job-1/coverage?outcome=good", "", 422, "query.outcome"},
		{"event that is none", "GET", "/api/v1/jobs/job-1/events?after=-1", "", 422, "query.after"},
		{"nothing to filter", "POST", "/api/v1/resources/filter", `{}`, 422, "body"},
		{"both to filter", "POST", "/api/v1/resources/filter", `{"resources":[],"job_id":"job-1"}`, 422, "body"},
		{"filter by an unknown member", "POST", "/api/v1/resources/filter", `{"resources":[],"filters":{"zzz":"` + marker + `"}}`, 422, "body"},
		{"filter by a number", "POST", "/api/v1/resources/filter", `{"resources":[],"filters":{"region":5}}`, 422, "body"},
		{"filter no objects", "POST", "/api/v1/resources/filter", `{"resources":[{},"` + marker + `"]}`, 422, "body.resources[1]"},
		{"filter odd tags", "POST", "/api/v1/resources/filter", `{"resources":[{"tags":{"a":5}}]}`, 422, "body.resources[0].tags"},
		{"filter on an unknown type", "POST", "/api/v1/resources/filter", `{"resources":[],"filters":{"resource_type":"ec2"}}`, 422, "body.filters.resource_type"},
		{"filter broken JSON", "POST", "/api/v1/resources/filter", `{"resources":[`, 400, "body"},
		{"retry with an unknown member", "POST", "/api/v1/jobs/job-1/retry", credentials(`,"regions":[]`), 422, "body.regions"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t, finished(tracker.JobPartial))
			a := d.call(tc.method, tc.target, tc.body)
			v := a.json(t)
			if a.code != tc.code || v["success"] != false || v["error"] == "" || v["status"] != float64(tc.code) {
				t.Fatalf("%d %s, want %d", a.code, a.body, tc.code)
			}
			got := ""
			if errs, ok := v["errors"].([]any); ok {
				got, _ = errs[0].(map[string]any)["location"].(string)
				if _, echoed := errs[0].(map[string]any)["value"]; echoed {
					t.Errorf("repeats the value: %s", a.body)
				}
			}
			if got != tc.field {
				t.Errorf("names %q, want %q: %s", got, tc.field, a.body)
			}
			if len(d.fake.submissions) > 0 {
				t.Error("was submitted")
			}
			if len(a.body) > 2000 {
				t.Errorf("answers %d bytes", len(a.body))
			}
		})
	}
}

func TestUnknownTypesAreCorrected(t *testing.T) {
	a := open(t, &fake{}).call("POST", "/api/v1/scan", credentials(`,"types":["EC2_Instances","ec2instance","RDS"]`))
	want := "body.types[0]: unknown resource type; did you mean EC2_Instance?; " +
		"body.types[1]: unknown resource type; did you mean EC2_Instance?; " +
		"body.types[2]: unknown resource type; GET /api/v1/types lists them"
	if got := a.json(t)["error"]; got != want {
		t.Errorf("%v", got)
	}
}

func TestOtherContentTypes(t *testing.T) {
	d := open(t, &fake{})
	for _, ct := range []string{"application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", ";;"} {
		for _, target := range []string{"/api/v1/scan", "/api/v1/resources/filter"} {
			if a := d.call("POST", target, credentials(""), "Content-Type", ct); a.code != 415 {
				t.Errorf("%s as %s: %d %s", target, ct, a.code, a.body)
			}
		}
	}
	if a := d.call("POST", "/api/v1/scan", credentials(""), "Content-Type", "application/json; charset=utf-8"); a.code != 202 {
		t.Error(a.code, a.body)
	}
	if a := d.call("PUT", "/api/v1/scan", "{}"); a.code != 405 || a.header.Get("Allow") == "" {
		t.Error(a.code, a.header)
	}
}

func TestScanIsAccepted(t *testing.T) {
	d := open(t, &fake{})
	a := d.call("POST", "/api/v1/scan", credentials(`,"session_token":"TOKEN","types":["S3_Bucket","EC2_Instance","S3_Bucket"],"regions":["us-east-1","eu-west-1"],"max_workers":20,
		"timeout_seconds":60,"role_arn":"`+role+`","external_id":"ext-1","accounts":[{"role_arn":"`+role+`2","external_id":"ext-2","regions":["eu-west-1"]}]`), "Idempotency-Key", "once")
	want := `{"success":true,"job_id":"new-1","state":"queued","created":true,"links":{"self":"/api/v1/jobs/new-1","events":"/api/v1/jobs/new-1/events",` +
		`"resources":"/api/v1/jobs/new-1/resources","result":"/api/v1/jobs/new-1/result","coverage":"/api/v1/jobs/new-1/coverage"}}`
	if diff := cmp.Diff(want, strings.TrimSpace(a.body)); diff != "" || a.code != 202 {
		t.Errorf("%d (-want +got):\n%s", a.code, diff)
	}
	if a.header.Get("Location") != "/api/v1/jobs/new-1" || a.header.Get("Retry-After") != "1" {
		t.Error(a.header)
	}
	digest := d.fake.submissions[0].CredentialsDigest
	if diff := cmp.Diff(tracker.Submission{
		Kind: tracker.KindScan, Owner: alice,
		By: tracker.Principal{Tenant: alice, Who: aliceKey, Person: aliceKey, From: "192.0.2.1", Grants: []tracker.Grant{{Role: tracker.RoleAdmin}}},
		Request: tracker.ScanRequest{
			Types: []tracker.Type{"EC2_Instance", "S3_Bucket"}, Regions: []string{"eu-west-1", "us-east-1"}, MaxWorkers: 20, TimeoutSeconds: 60, Findings: true,
			Accounts: []tracker.AccountRef{{RoleARN: role + "2", ExternalID: "ext-2", Regions: []string{"eu-west-1"}}},
		},
		Account: "123456789012", Sealed: []byte("sealed"), CredentialsDigest: digest, Lane: tracker.LaneInteractive, IdempotencyKey: "once",
	}, d.fake.submissions[0]); diff != "" {
		t.Errorf("submitted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(tracker.Credentials{
		AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: marker, SessionToken: "TOKEN", RoleARN: role, ExternalID: "ext-1",
	}, d.fake.sealed[0]); diff != "" {
		t.Errorf("sealed (-want +got):\n%s", diff)
	}
	if len(digest) != 64 || strings.Contains(digest, marker) {
		t.Errorf("digest %s", digest)
	}
}

// Zero and absent differ: a default must not overwrite an explicit false or 0.
func TestExplicitFalseAndZero(t *testing.T) {
	for body, own := range map[string]bool{"": false, `,"single_flight":true`: false, `,"single_flight":false`: true, `,"single_flight":null`: false} {
		d := open(t, &fake{})
		if a := d.call("POST", "/api/v1/scan", credentials(body)); a.code != 202 || d.fake.submissions[0].OwnFlight != own {
			t.Errorf("%q: %d, own flight %t", body, a.code, d.fake.submissions[0].OwnFlight)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		for headers, waited := range map[[2]string]time.Duration{
			{"", ""}: 5 * time.Second, {"?wait=0", ""}: 0, {"?wait=2", "wait=9"}: 2 * time.Second, {"", "wait=7"}: 7 * time.Second,
			{"", "respond-async"}: 0, {"", "respond-async, wait=3"}: 3 * time.Second, {"", "wait=0"}: 0, {"", "wait=600"}: time.Minute,
		} {
			d := open(t, &fake{}, func(o *api.Options) { o.Wait = 5 * time.Second })
			start := time.Now()
			a := d.call("POST", "/api/v1/scan"+headers[0], credentials(""), "Prefer", headers[1])
			if took := time.Since(start); a.code != 202 || took != waited {
				t.Errorf("%v: %d after %s, want 202 after %s", headers, a.code, took, waited)
			}
		}
	})
}

func TestDefaultsOfTheServer(t *testing.T) {
	d := open(t, &fake{}, func(o *api.Options) { o.MaxWorkers, o.ScanTimeout = 7, 10*time.Minute })
	d.call("POST", "/api/v1/scan", credentials(""))
	want := tracker.ScanRequest{MaxWorkers: 7, TimeoutSeconds: 600, Findings: true}
	if diff := cmp.Diff(want, d.fake.submissions[0].Request, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhereCredentialsComeFrom(t *testing.T) {
	lend := func(o *api.Options) { o.ServerCredentials = true }
	headers := []string{"X-AWS-Access-Key", "AKIAHEADER", "X-AWS-Secret-Key", marker, "X-AWS-Session-Token", "T"}
	for _, tc := range []struct {
		name, body string
		headers    []string
		lend       bool
		want       tracker.Credentials
	}{
		{"headers", ``, headers, false, tracker.Credentials{AccessKeyID: "AKIAHEADER", SecretAccessKey: marker, SessionToken: "T"}},
		{"body before headers", credentials(`,"session_token":"B"`), headers, false, tracker.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: marker, SessionToken: "B"}},
		{"short test keys", `{"access_key_id":"test","secret_access_key":"test"}`, nil, false, tracker.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}},
		{"server's own", `{}`, nil, true, tracker.Credentials{Server: true}},
		{"a registered account", `{"account":"prod"}`, nil, true, tracker.Credentials{Server: true, Account: "prod"}},
		{"a registered account by its role", `{"role_arn":"` + role + `"}`, nil, true, tracker.Credentials{Server: true, Account: "prod"}},
		{"keys although the server lends", credentials(""), nil, true, tracker.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: marker}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t, &fake{})
			if tc.lend {
				d = open(t, &fake{accounts: registered()}, lend)
			}
			if a := d.call("POST", "/api/v1/scan", tc.body, tc.headers...); a.code != 202 {
				t.Fatal(a.code, a.body)
			}
			if diff := cmp.Diff(tc.want, d.fake.sealed[0]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if a := open(t, &fake{}, lend).call("POST", "/api/v1/scan", `{"access_key_id":"A"}`); a.code != 400 {
		t.Error("half a pair where the server lends:", a.code, a.body)
	}
}

func TestDigestsTellCredentialsApart(t *testing.T) {
	d := open(t, &fake{})
	for _, body := range []string{
		`{"access_key_id":"ab","secret_access_key":"c"}`, `{"access_key_id":"a","secret_access_key":"bc"}`,
		`{"access_key_id":"a","secret_access_key":"b","session_token":"c"}`, `{"access_key_id":"a","secret_access_key":"b"}`,
	} {
		d.call("POST", "/api/v1/scan", body)
	}
	seen := map[string]bool{}
	for _, s := range d.fake.submissions {
		seen[s.CredentialsDigest] = true
	}
	if len(seen) != 4 {
		t.Errorf("%d digests of 4 credentials", len(seen))
	}
}

func TestFailingSealIsNotSubmitted(t *testing.T) {
	d := open(t, &fake{err: errors.New("no recipient")})
	if a := d.call("POST", "/api/v1/scan", credentials("")); a.code != 500 || len(d.fake.submissions) > 0 {
		t.Error(a.code, a.body)
	}
}

func TestRefusalsOfTheEngineNameTheirField(t *testing.T) {
	d := open(t, &fake{refusal: tracker.Invalid("organization", "is switched off here")})
	a := d.call("POST", "/api/v1/scan", credentials(`,"organization":true`))
	if a.code != 422 || a.json(t)["error"] != "body.organization: is switched off here" {
		t.Error(a.code, a.body)
	}
}

func TestWaitingForTheResult(t *testing.T) {
	for _, tc := range []struct {
		name    string
		state   tracker.JobState
		outcome tracker.Outcome
		found   int
		code    int
		text    string
	}{
		{"succeeded", tracker.JobSucceeded, "ok", 1, 200, ""},
		{"partial", tracker.JobPartial, "ok", 1, 200, ""},
		{"cancelled with something", tracker.JobCancelled, "ok", 1, 200, ""},
		{"cancelled with nothing", tracker.JobCancelled, "cancelled", 0, 409, "the scan was cancelled"},
		{"dead credentials", tracker.JobFailed, tracker.OutcomeBadCreds, 0, 422, "the reason"},
		{"denied", tracker.JobFailed, tracker.OutcomeDenied, 0, 422, "the reason"},
		{"failed otherwise", tracker.JobFailed, tracker.OutcomeError, 0, 500, "Internal server error during scan"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := open(t, &fake{})
				j := d.fake.add(alice, "new-1", tracker.JobRunning)
				j.Reason, j.Summary.TotalResources = "the reason", tc.found
				j.Progress.ByOutcome = map[tracker.Outcome]int{tc.outcome: 1}
				time.AfterFunc(time.Second, func() { d.fake.happen("new-1", tc.state, nil) })
				start := time.Now()
				a := d.call("POST", "/api/v1/scan?wait=60", credentials(""))
				v := a.json(t)
				if a.code != tc.code || a.header.Get("Location") != "/api/v1/jobs/new-1" {
					t.Fatal(a.code, a.header, a.body)
				}
				if took := time.Since(start); took > 1200*time.Millisecond {
					t.Errorf("took %s", took)
				}
				if tc.code != 200 {
					if v["error"] != tc.text || v["job_id"] != "new-1" || tc.code == 500 && v["details"] != "the reason" {
						t.Error(a.body)
					}
					return
				}
				data := v["data"].(map[string]any)
				if v["success"] != true || data["state"] != string(tc.state) || data["complete"] != (tc.state == tracker.JobSucceeded) {
					t.Error(a.body)
				}
			})
		})
	}
}

func TestCloseEndsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := open(t, &fake{})
		time.AfterFunc(time.Second, d.Close)
		start := time.Now()
		if a := d.call("POST", "/api/v1/scan?wait=60", credentials("")); a.code != 202 || time.Since(start) != time.Second {
			t.Error(a.code, time.Since(start))
		}
	})
}

func TestAliases(t *testing.T) {
	d := open(t, &fake{})
	for _, regions := range []string{`2`, `["eu-west-1"]`, `[]`, `null`} {
		if a := d.call("POST", "/scan-resources", credentials(`,"regions":`+regions)); a.code != 202 {
			t.Errorf("%s: %d %s", regions, a.code, a.body)
		}
	}
	got := fmt.Sprint(d.fake.submissions[0].Request.Regions, d.fake.submissions[1].Request.Regions)
	if got != "[] [eu-west-1]" {
		t.Error(got)
	}
	for _, body := range []string{`,"regions":"eu-west-1"`, `,"regions":["moon"]`, `,"zzz":1`} {
		if a := d.call("POST", "/scan-resources", credentials(body)); a.code != 422 {
			t.Errorf("%s: %d %s", body, a.code, a.body)
		}
	}
	v := d.call("POST", "/validate-credentials", credentials("")).json(t)
	if v["success"] != true || v["valid_format"] != true || v["verified"] != false {
		t.Error(v)
	}
}

func TestRetry(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	a := d.call("POST", "/api/v1/jobs/job-1/retry", credentials(""))
	if a.code != 202 || a.header.Get("Location") != "/api/v1/jobs/job-1" || len(d.fake.sealed) != 1 {
		t.Error(a.code, a.body)
	}
	if a := d.call("POST", "/api/v1/jobs/job-1/retry", ""); a.code != 400 || a.json(t)["error"] != "AWS credentials missing from request" {
		t.Error(a.code, a.body)
	}
}

func TestJobsInStates(t *testing.T) {
	f := &fake{}
	f.add(alice, "j-1", tracker.JobPartial).Calls = new(int64(12))
	f.add(alice, "j-2", tracker.JobSucceeded)
	f.add(alice, "j-3", tracker.JobFailed)
	d := open(t, f)
	for query, want := range map[string]string{
		"":                      "j-3 j-2 j-1",
		"?state=partial,failed": "j-3 j-1",
		"?state=succeeded":      "j-2",
		"?state=cancelled":      "",
	} {
		a := d.call("GET", "/api/v1/jobs"+query, "")
		var ids []string
		for _, j := range a.json(t)["jobs"].([]any) {
			ids = append(ids, j.(map[string]any)["job_id"].(string))
		}
		if got := strings.Join(ids, " "); a.code != 200 || got != want {
			t.Errorf("%s: %d %s, want %s", query, a.code, got, want)
		}
	}
	for _, query := range []string{"?state=gone", "?state=partial,gone", "?state="} {
		if a := d.call("GET", "/api/v1/jobs"+query, ""); a.code != 422 && query != "?state=" || a.code != 200 && query == "?state=" {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
	for id, want := range map[string]any{"j-1": 12.0, "j-2": nil} {
		if got, ok := d.call("GET", "/api/v1/jobs/"+id, "").json(t)["calls"]; got != want || !ok {
			t.Errorf("%s: calls %v, want %v", id, got, want)
		}
	}
}
