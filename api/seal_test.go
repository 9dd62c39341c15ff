package api_test

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestSeal_ForOneThing has every request that brings credentials: they are sealed for the
// caller's tenant, and for what the request makes or changes.
func TestSeal_ForOneThing(t *testing.T) {
	const change = `,"actions":[{"resource_id":"i-1","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}]`
	f := finished(tracker.JobPartial)
	d := acting(t, f, lends, func(o *api.Options) { o.Wait = 0 })
	for _, tc := range []struct {
		name, method, path, body string
		want                     tracker.SealedFor
	}{
		{"a scan", "POST", "/api/v1/scan", credentials(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealJob, ID: "new-1"}},
		{"an access check", "POST", "/api/v1/access-check", credentials(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealJob, ID: "new-2"}},
		{"a retry", "POST", "/api/v1/jobs/job-1/retry", credentials(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealJob, ID: "job-1"}},
		{"a plan", "POST", "/api/v1/plans", credentials(change), tracker.SealedFor{Tenant: alice, Kind: tracker.SealPlan, ID: "plan-1"}},
		{"applying", "POST", "/api/v1/plans/plan-1/apply", credentials(`,"digest":"sha256:1"`), tracker.SealedFor{Tenant: alice, Kind: tracker.SealPlan, ID: "plan-1"}},
		{"resuming", "POST", "/api/v1/plans/plan-1/resume", credentials(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealPlan, ID: "plan-1"}},
		{"a schedule", "POST", "/api/v1/schedules", nightly(""), tracker.SealedFor{Tenant: alice, Kind: tracker.SealSchedule, ID: "sc-1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f.sealedFor = nil
			if a := d.call(tc.method, tc.path, tc.body); a.code >= 300 {
				t.Fatal(a.code, a.body)
			}
			if diff := cmp.Diff([]tracker.SealedFor{tc.want}, f.sealedFor); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// sealedByClient has the form of what a client has sealed.
var sealedByClient = base64.StdEncoding.EncodeToString([]byte("age-encryption.org/v1\n-> X25519 …"))

func sealedBody(more string) string {
	return `{"sealed_credentials":"` + sealedByClient + `"` + more + `}`
}

// TestSealedByTheClient has every request that takes keys take sealed ones, which the API
// seals unopened once more for the thing that they are for.
func TestSealedByTheClient(t *testing.T) {
	const change = `,"actions":[{"resource_id":"i-1","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}]`
	const one = `,"resource_id":"i-1","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"`
	keys := tracker.Credentials{Sealed: sealedByClient}
	ofRole := tracker.Credentials{Sealed: sealedByClient, RoleARN: role, ExternalID: "ext-1"}
	f := finished(tracker.JobPartial)
	d := acting(t, f, lends, func(o *api.Options) { o.Wait = 0 })
	for _, tc := range []struct {
		name, path, body string
		want             tracker.Credentials
	}{
		{"a scan", "/api/v1/scan", sealedBody(""), keys},
		{"a scan by its other name", "/scan-resources", sealedBody(""), keys},
		{"a scan through a role", "/api/v1/scan", sealedBody(`,"role_arn":"` + role + `","external_id":"ext-1"`), ofRole},
		{"a scan of several accounts", "/api/v1/scan", sealedBody(`,"accounts":[{"role_arn":"` + role + `"}]`), keys},
		{"an access check", "/api/v1/access-check", sealedBody(""), keys},
		{"a retry", "/api/v1/jobs/job-1/retry", sealedBody(""), keys},
		{"a plan", "/api/v1/plans", sealedBody(change), keys},
		{"an action", "/api/v1/resources/action", sealedBody(one), keys},
		{"actions", "/api/v1/resources/bulk-action", sealedBody(change), keys},
		{"applying", "/api/v1/plans/plan-1/apply", sealedBody(`,"digest":"sha256:1"`), keys},
		{"resuming", "/api/v1/plans/plan-1/resume", sealedBody(""), keys},
		{"undoing", "/api/v1/plans/plan-1/undo", sealedBody(""), keys},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f.sealed = nil
			if a := d.call("POST", tc.path, tc.body); a.code >= 300 {
				t.Fatal(a.code, a.body)
			}
			if diff := cmp.Diff([]tracker.Credentials{tc.want}, f.sealed); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSealedByTheClient_Refused(t *testing.T) {
	const at = "body.sealed_credentials"
	for _, tc := range []struct {
		name, body, field string
		headers           []string
	}{
		{"with keys", sealedBody(`,"access_key_id":"A","secret_access_key":"s"`), at, nil},
		{"with a token", sealedBody(`,"session_token":"s"`), at, nil},
		{"with keys in headers", sealedBody(""), at, []string{"X-AWS-Access-Key", "A", "X-AWS-Secret-Key", "s"}},
		{"with a registered account", sealedBody(`,"account":"prod"`), "body.account", nil},
		{"an external ID without a role", sealedBody(`,"external_id":"ext-1"`), "body.external_id", nil},
		{"no base64", `{"sealed_credentials":"%"}`, at, nil},
		{"half of base64", `{"sealed_credentials":"QUt"}`, at, nil},
		{"no seal", `{"sealed_credentials":"QUtJQQ=="}`, at, nil},
		{"in a header", ``, "", []string{"X-AWS-Sealed-Credentials", sealedByClient}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t, &fake{}, lends)
			if tc.body == "" { // nothing is taken from there
				d = open(t, &fake{})
			}
			a := d.call("POST", "/api/v1/scan", tc.body, tc.headers...)
			errs, _ := a.json(t)["errors"].([]any)
			if tc.field == "" {
				if a.code != 400 {
					t.Error(a.code, a.body)
				}
			} else if a.code != 422 || len(errs) == 0 || errs[0].(map[string]any)["location"] != tc.field {
				t.Errorf("%d %s, want 422 at %s", a.code, a.body, tc.field)
			}
			if len(d.fake.submissions) > 0 {
				t.Error("was submitted")
			}
		})
	}
}

// TestSealedByTheClient_Twice has a request that is sealed anew count as the same under its
// idempotency key, and join no other scan: the API cannot tell whether two seals hold the
// same keys.
func TestSealedByTheClient_Twice(t *testing.T) {
	d := open(t, &fake{})
	anew := base64.StdEncoding.EncodeToString([]byte("age-encryption.org/v1\nanother"))
	bodies := []string{sealedBody(""), `{"sealed_credentials":"` + anew + `"}`, sealedBody(`,"role_arn":"` + role + `"`), credentials("")}
	for _, body := range bodies {
		d.call("POST", "/api/v1/scan", body, "Idempotency-Key", "once")
	}
	s := d.fake.submissions
	if len(s) != 4 || s[0].CredentialsDigest != s[1].CredentialsDigest || s[0].CredentialsDigest == s[2].CredentialsDigest || s[0].CredentialsDigest == s[3].CredentialsDigest {
		t.Fatalf("%+v", s)
	}
	if !s[0].OwnFlight || !s[1].OwnFlight || s[3].OwnFlight {
		t.Errorf("%t, %t, %t", s[0].OwnFlight, s[1].OwnFlight, s[3].OwnFlight)
	}
}

func TestCredentialsKey(t *testing.T) {
	before := time.Now()
	a := open(t, &fake{}).call("GET", "/api/v1/credentials-key", "")
	v := a.json(t)
	until, err := time.Parse(time.RFC3339, v["expires_at"].(string))
	if took := until.Sub(before); a.code != 200 || err != nil || took < tracker.SealLife-time.Second || took > tracker.SealLife+time.Minute {
		t.Error(a.code, a.body, err)
	}
	delete(v, "expires_at")
	if diff := cmp.Diff(map[string]any{"success": true, "recipient": "age1fake", "tenant": alice, "seconds": tracker.SealLife.Seconds()}, v); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
