package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

func lends(o *api.Options) { o.ServerCredentials = true }

// nightly is a schedule's body with more members.
func nightly(more string) string { return `{"name":"nightly","cron":"0 3 * * *"` + more + `}` }

func TestScheduleIsAdded(t *testing.T) {
	d := open(t, &fake{accounts: registered()}, lends)
	a := d.call("POST", "/api/v1/schedules", nightly(`,"time_zone":"Europe/Berlin","keep":3,"types":["S3_Bucket"],"regions":["eu-west-1"],"max_workers":2,"timeout_seconds":60,
		"role_arn":"`+role+`","accounts":[{"account":"test"}]`))
	want := `{"success":true,"schedule_id":"sc-1","name":"nightly","cron":"0 3 * * *","time_zone":"Europe/Berlin","paused":false,"keep":3,` +
		`"request":{"types":["S3_Bucket"],"regions":["eu-west-1"],"accounts":[{"account":"test","role_arn":"` + otherRole + `"}],"max_workers":2,"timeout_seconds":60,"findings":true},` +
		`"account":"prod","role_arn":"` + role + `","created_at":"2026-11-21T12:00:00Z","next_at":"2026-11-21T13:00:00Z","next_runs":["2026-11-21T13:00:00Z"],` +
		`"links":{"self":"/api/v1/schedules/sc-1","runs":"/api/v1/schedules/sc-1/runs","history":"/api/v1/schedules/sc-1/history"}}`
	if diff := cmp.Diff(want, strings.TrimSpace(a.body)); diff != "" || a.code != 201 || a.header.Get("Location") != "/api/v1/schedules/sc-1" {
		t.Errorf("%d %s (-want +got):\n%s", a.code, a.header, diff)
	}
	if got := d.fake.schedules[0]; got.Owner != alice || got.Request.Accounts[0].ExternalID != "" {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]tracker.Credentials{{Server: true, Account: "prod"}}, d.fake.sealed); diff != "" {
		t.Errorf("sealed (-want +got):\n%s", diff)
	}
}

func TestScheduleNotifies(t *testing.T) {
	d := open(t, &fake{}, lends, withHistory(remembered(t)))
	const notify = `"notify":{"filter":{"meta":{"key":"public_ip","present":true}},"changes":["added","changed"],"selected":["now"]}`
	a := d.call("POST", "/api/v1/schedules", nightly(`,"notify":{"filter":"meta.public_ip","changes":["changed","added","added"],"selected":["now"]}`))
	if a.code != 201 || !strings.Contains(a.body, notify) {
		t.Errorf("%d %s", a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/schedules/sc-1", ""); !strings.Contains(a.body, notify) {
		t.Errorf("%d %s", a.code, a.body)
	}
	if n := d.fake.schedules[0].Notify; n.Query("j.0") != "changes=added%2Cchanged&filter=meta.public_ip&from=earlier&selected=now&to=j.0" {
		t.Errorf("%s", n.Query("j.0"))
	}
	if a := d.call("POST", "/api/v1/schedules", nightly(`,"notify":{}`)); a.code != 201 || !strings.Contains(a.body, `"notify":{}`) {
		t.Errorf("%d %s", a.code, a.body)
	}
	for body, field := range map[string]string{
		`{"filter":"type:Nothing"}`:                     "body.notify.filter",
		`{"filter":"meta.public_ip ("}`:                 "body.notify.filter",
		`{"filter":{"tag":{"key":"a","is":"b"}}}`:       "body.notify.filter.tag",
		`{"changes":["moved"]}`:                         "body.notify.changes[0]",
		`{"changes":["added","added","added","added"]}`: "body.notify.changes",
		`{"selected":["never"]}`:                        "body.notify.selected[0]",
		`{"to":"me"}`:                                   "body.notify.to",
	} {
		if a := d.call("POST", "/api/v1/schedules", nightly(`,"notify":`+body)); a.code != 422 || !strings.Contains(a.body, field) {
			t.Errorf("%s: %d %s", body, a.code, a.body)
		}
	}
	if a := open(t, &fake{}, lends).call("POST", "/api/v1/schedules", nightly(`,"notify":{}`)); a.code != 422 || !strings.Contains(a.body, "body.notify") || !strings.Contains(a.body, "no history") {
		t.Errorf("without a history: %d %s", a.code, a.body)
	}
}

func TestScheduleWithTheServersOwnCredentials(t *testing.T) {
	d := open(t, &fake{}, lends)
	if a := d.call("POST", "/api/v1/schedules", `{"name":"hourly","every_seconds":3600}`); a.code != 201 {
		t.Fatal(a.code, a.body)
	}
	if diff := cmp.Diff([]tracker.Credentials{{Server: true}}, d.fake.sealed); diff != "" {
		t.Errorf("sealed (-want +got):\n%s", diff)
	}
}

// TestScheduleCountsDaysFromEachRun: the days of a bill are not those of when the schedule was written.
func TestScheduleCountsDaysFromEachRun(t *testing.T) {
	d := open(t, &fake{}, lends)
	for body, want := range map[string]tracker.BilledRequest{
		`{"group_by":["service"]}`: {GroupBy: []string{"service"}, Days: 30},
		`{"group_by":["service"],"start":"2026-01-01","end":"2026-01-31"}`: {GroupBy: []string{"service"}, Start: "2026-01-01", End: "2026-01-31"},
	} {
		a := d.call("POST", "/api/v1/schedules", nightly(`,"billed_cost":`+body))
		if a.code != 201 {
			t.Fatal(a.code, a.body)
		}
		if diff := cmp.Diff(&want, d.fake.schedules[len(d.fake.schedules)-1].Request.Billed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

func TestScheduleRefusals(t *testing.T) {
	const keep = "a schedule takes no access keys: it would have to keep a secret. Give account, or nothing for the server's own credentials"
	for _, tc := range []struct {
		name, body string
		headers    []string
		code       int
		field      string
		text       string
	}{
		{"keys in the body", nightly(`,"access_key_id":"AKIAEXAMPLE","secret_access_key":"` + marker + `"`), nil, 422, "body.access_key_id", keep},
		{"a secret alone", nightly(`,"secret_access_key":"` + marker + `"`), nil, 422, "body.secret_access_key", keep},
		{"a token", nightly(`,"session_token":"` + marker + `"`), nil, 422, "body.session_token", keep},
		{"keys that the client has sealed", nightly(`,"sealed_credentials":"` + sealedByClient + `"`), nil, 422, "body.sealed_credentials", keep},
		{"keys to assume a role", nightly(`,"role_arn":"` + role + `","access_key_id":"AKIAEXAMPLE"`), nil, 422, "body.access_key_id", keep},
		{"a key in a header", nightly(""), []string{"X-AWS-Access-Key", "AKIAEXAMPLE"}, 422, "header.X-AWS-Access-Key", keep},
		{"a secret in a header", nightly(""), []string{"X-AWS-Secret-Key", marker}, 422, "header.X-AWS-Secret-Key", keep},
		{"a token in a header", nightly(""), []string{"X-AWS-Session-Token", marker}, 422, "header.X-AWS-Session-Token", keep},
		{"no name", `{"cron":"0 3 * * *"}`, nil, 422, "body", ""},
		{"an external ID without a role", nightly(`,"external_id":"ext-1"`), nil, 422, "body.external_id", ""},
		{"an unknown type", nightly(`,"types":["EC2"]`), nil, 422, "body.types[0]", ""},
		{"an unknown property", nightly(`,"single_flight":true`), nil, 422, "body.single_flight", ""},
		{"too much to keep", nightly(`,"keep":101`), nil, 422, "body.keep", ""},
		{"no JSON", `{`, nil, 400, "body", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := &fake{schedules: []tracker.Schedule{{ID: "sc-1", Owner: alice}}}
			d := open(t, f, lends)
			for method, target := range map[string]string{"POST": "/api/v1/schedules", "PUT": "/api/v1/schedules/sc-1"} {
				a := d.call(method, target, tc.body, tc.headers...)
				v := a.json(t)
				errs, _ := v["errors"].([]any)
				if a.code != tc.code || len(errs) == 0 || errs[0].(map[string]any)["location"] != tc.field || tc.text != "" && v["error"] != tc.text {
					t.Errorf("%s: %d %s, want %d at %s", method, a.code, a.body, tc.code, tc.field)
				}
			}
			if len(f.sealed) > 0 || len(f.schedules) != 1 {
				t.Error("was taken")
			}
		})
	}
	t.Run("a server that lends no credentials", func(t *testing.T) {
		a := open(t, &fake{}).call("POST", "/api/v1/schedules", nightly(""))
		if a.code != http.StatusForbidden || !strings.Contains(a.body, "ALLOW_SERVER_CREDENTIALS is off") {
			t.Error(a.code, a.body)
		}
	})
	t.Run("a tick that the engine refuses", func(t *testing.T) {
		a := open(t, &fake{refusal: tracker.Invalid("cron", "never comes")}, lends).call("POST", "/api/v1/schedules", nightly(""))
		if a.code != 422 || a.json(t)["error"] != "body.cron: never comes" {
			t.Error(a.code, a.body)
		}
	})
}

func TestScheduleIsReplaced(t *testing.T) {
	before := tracker.Schedule{ID: "sc-1", Owner: alice, Name: "old", Cron: "0 1 * * *", Account: "prod", RoleARN: role, CreatedAt: epoch}
	kept := tracker.Credentials{}
	for _, tc := range []struct {
		name, body string
		sealed     tracker.Credentials
		account    string // of the request's list
	}{
		{"the same account", nightly(`,"account":"prod"`), kept, ""},
		{"the same account by its role", nightly(`,"role_arn":"` + role + `"`), kept, ""},
		{"another account", nightly(`,"account":"test"`), tracker.Credentials{Server: true, Account: "test"}, ""},
		{"no account", nightly(""), tracker.Credentials{Server: true}, ""},
		{"several", nightly(`,"accounts":[{"account":"test"}]`), tracker.Credentials{Server: true}, "test"},
		{"several by their roles", nightly(`,"accounts":[{"role_arn":"` + otherRole + `"}]`), tracker.Credentials{Server: true}, "test"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t, &fake{schedules: []tracker.Schedule{before}, accounts: registered()}, lends)
			if a := d.call("PUT", "/api/v1/schedules/sc-1", tc.body); a.code != 200 || strings.Contains(a.body, marker) || a.json(t)["name"] != "nightly" {
				t.Fatal(a.code, a.body)
			}
			if diff := cmp.Diff([]tracker.Credentials{tc.sealed}, d.fake.sealed); diff != "" {
				t.Errorf("sealed (-want +got):\n%s", diff)
			}
			got := d.fake.schedules[0]
			account := ""
			for _, a := range got.Request.Accounts {
				account = a.Account
			}
			if account != tc.account || got.Owner != alice || !got.CreatedAt.Equal(epoch) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestScheduleLife(t *testing.T) {
	d := open(t, &fake{}, lends)
	if a := d.call("POST", "/api/v1/schedules", nightly(""), "Idempotency-Key", "once"); a.code != 201 {
		t.Fatal(a.code, a.body)
	}
	d.fake.schedules[0].LastRun, d.fake.schedules[0].LastGood = "job-9", "job-8"
	for _, tc := range []struct {
		name, method, target, body string
		headers                    []string
		code                       int
		holds                      string
	}{
		{"the same key", "POST", "", nightly(""), []string{"Idempotency-Key", "once"}, 200, `"schedule_id":"sc-1"`},
		{"the same key for another request", "POST", "", nightly(`,"keep":5`), []string{"Idempotency-Key", "once"}, 409, "was used before"},
		{"list", "GET", "", "", nil, 200, `"schedules":[{"schedule_id":"sc-1"`},
		{"a page of no schedule", "GET", "?limit=0", "", nil, 422, "query.limit"},
		{"the page after it", "GET", "?cursor=sc-1", "", nil, 200, `"schedules":[]`},
		{"list of somebody else", "GET", "", "", []string{"X-API-Key", other}, 200, `"schedules":[]`},
		{"read", "GET", "/sc-1", "", nil, 200, `"last_run":"/api/v1/jobs/job-9","last_good":"/api/v1/jobs/job-8"`},
		{"read by somebody else", "GET", "/sc-1", "", []string{"X-API-Key", other}, 404, "no such schedule"},
		{"an ID that cannot be", "GET", "/a%7Db", "", nil, 404, "no such schedule"},
		{"pause", "POST", "/sc-1/pause", "", nil, 200, `"paused":true`},
		{"paused, nothing is next", "GET", "/sc-1", "", nil, 200, `"next_at":null,"last_run":"job-9","last_good":"job-8","next_runs":[]`},
		{"run", "POST", "/sc-1/run", "", []string{"Idempotency-Key", "r"}, 202, `"job_id":"run-r","state":"queued","created":true`},
		{"run again", "POST", "/sc-1/run", "", []string{"Idempotency-Key", "r"}, 202, `"created":false`},
		{"run by somebody else", "POST", "/sc-1/run", "", []string{"X-API-Key", other}, 404, "no such schedule"},
		{"runs", "GET", "/sc-1/runs", "", nil, 200, `"runs":[{"job_id":"run-r"`},
		{"history", "GET", "/sc-1/history", "", nil, 200, `"history":[{"at":"2026-11-21T12:00:00Z","what":"schedule.fired"`},
		{"history of somebody else", "GET", "/sc-1/history", "", []string{"X-API-Key", other}, 404, "no such schedule"},
		{"resume", "POST", "/sc-1/resume", "", nil, 200, `"next_runs":["2026-11-21T13:00:00Z"]`},
		{"replace by somebody else", "PUT", "/sc-1", nightly(""), []string{"X-API-Key", other}, 404, "no such schedule"},
		{"delete by somebody else", "DELETE", "/sc-1", "", []string{"X-API-Key", other}, 404, "no such schedule"},
		{"delete", "DELETE", "/sc-1", "", nil, 204, ""},
		{"gone", "DELETE", "/sc-1", "", nil, 404, "no such schedule"},
	} {
		a := d.call(tc.method, "/api/v1/schedules"+tc.target, tc.body, tc.headers...)
		if a.code != tc.code || !strings.Contains(a.body, tc.holds) {
			t.Errorf("%s: %d %s, want %d with %s", tc.name, a.code, a.body, tc.code, tc.holds)
		}
		if tc.code == 202 && a.header.Get("Location") != "/api/v1/jobs/run-r" {
			t.Errorf("%s: Location %q", tc.name, a.header.Get("Location"))
		}
	}
}

func TestNextRunsOfASchedule(t *testing.T) {
	for _, tc := range []struct {
		name, query string
		want        tracker.Schedule
	}{
		{"cron", "cron=0+6+*+*+1-5&time_zone=Europe%2FBerlin", tracker.Schedule{Owner: alice, Cron: "0 6 * * 1-5", TimeZone: "Europe/Berlin"}},
		{"a distance", "every_seconds=3600&schedule_id=sc-1", tracker.Schedule{Owner: alice, ID: "sc-1", EverySeconds: 3600}},
		{"off-hours", "begin=0+19+*+*+*&end=0+7+*+*+*", tracker.Schedule{Owner: alice, OffHours: &tracker.OffHours{Begin: "0 19 * * *", End: "0 7 * * *"}}},
		{"half of off-hours", "begin=0+19+*+*+*", tracker.Schedule{Owner: alice, OffHours: &tracker.OffHours{Begin: "0 19 * * *"}}},
	} {
		d := open(t, &fake{})
		if a := d.call("GET", "/api/v1/schedules/next?"+tc.query, ""); a.code != 200 || strings.TrimSpace(a.body) != `{"success":true,"next_runs":["2026-11-21T13:00:00Z"]}` {
			t.Errorf("%s: %d %s", tc.name, a.code, a.body)
		}
		if diff := cmp.Diff([]tracker.Schedule{tc.want}, d.fake.previewed); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	for field, place := range map[string]string{"cron": "query.cron", "time_zone": "query.time_zone", "off_hours.end": "query.end"} {
		d := open(t, &fake{refusal: tracker.Invalid(field, "is wrong")})
		if a := d.call("GET", "/api/v1/schedules/next?cron=x", ""); a.code != 422 || !strings.Contains(a.body, `"location":"`+place+`"`) {
			t.Errorf("%s: %d %s", field, a.code, a.body)
		}
	}
	d := open(t, &fake{})
	if a := d.call("GET", "/api/v1/schedules/next?every_seconds=-1", ""); a.code != 422 || !strings.Contains(a.body, "query.every_seconds") {
		t.Errorf("%d %s", a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/schedules/next?schedule_id=a%7Db", ""); a.code != 404 {
		t.Errorf("%d %s", a.code, a.body)
	}
}
