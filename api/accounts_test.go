package api_test

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

const otherRole = "arn:aws:iam::222222222222:role/tracker"

// registered are two accounts. Their external IDs must not show but to those who manage.
func registered() []tracker.RegisteredAccount {
	return []tracker.RegisteredAccount{
		{Name: "prod", AccountID: tracker.AccountOfRole(role), RoleARN: role, ExternalID: marker, Regions: []string{"eu-west-1"}, CreatedAt: epoch, ChangedAt: epoch},
		{Name: "test", AccountID: "222222222222", RoleARN: otherRole, ExternalID: marker, CreatedAt: epoch, ChangedAt: epoch},
	}
}

func (f *fake) find(tenant, name string) int {
	return slices.IndexFunc(f.accounts, func(a tracker.RegisteredAccount) bool { return tenant == alice && a.Name == name })
}

func (f *fake) AddAccount(_ context.Context, by tracker.Principal, a tracker.RegisteredAccount) error {
	if f.find(by.Tenant, a.Name) >= 0 {
		return &tracker.Error{Code: tracker.CodeConflict, Field: "name", Message: "is taken"}
	}
	f.accounts = append(f.accounts, a)
	return f.err
}

func (f *fake) PutAccount(_ context.Context, by tracker.Principal, a tracker.RegisteredAccount) error {
	f.accounts[f.find(by.Tenant, a.Name)] = a
	return f.err
}

func (f *fake) DeleteAccount(_ context.Context, by tracker.Principal, name string) error {
	i := f.find(by.Tenant, name)
	if i < 0 {
		return tracker.Errorf(tracker.CodeNotFound, "no such account")
	}
	f.accounts = slices.Delete(f.accounts, i, i+1)
	return f.err
}

func (f *fake) ForgetHistory(_ context.Context, by tracker.Principal, account string) error {
	f.forgotten = append(f.forgotten, by.Tenant+"/"+account)
	return f.err
}

func (f *fake) SetAllowedAccounts(_ context.Context, _ tracker.Principal, _ string, accounts []string) error {
	f.allowed = accounts
	return f.err
}

func (f *fake) Account(_ context.Context, tenant, name string) (tracker.RegisteredAccount, error) {
	if i := f.find(tenant, name); i >= 0 {
		return f.accounts[i], f.err
	}
	return tracker.RegisteredAccount{}, cmp.Or[error](f.err, tracker.Errorf(tracker.CodeNotFound, "no such account"))
}

func (f *fake) AccountOfRole(ctx context.Context, tenant, role string) (tracker.RegisteredAccount, error) {
	for _, a := range f.accounts {
		if a.RoleARN == role {
			return f.Account(ctx, tenant, a.Name)
		}
	}
	return f.Account(ctx, tenant, "")
}

func (f *fake) Accounts(_ context.Context, tenant, cursor string, limit int) ([]tracker.RegisteredAccount, string, error) {
	all := slices.DeleteFunc(append([]tracker.RegisteredAccount{}, f.accounts...), func(a tracker.RegisteredAccount) bool { return tenant != alice || a.Name <= cursor })
	if len(all) > limit {
		return all[:limit], all[limit-1].Name, f.err
	}
	return all, "", f.err
}

func (f *fake) AllowedAccounts(context.Context, string) ([]string, error) { return f.allowed, f.err }

func account(t *testing.T, a answer) tracker.RegisteredAccount {
	t.Helper()
	var got struct{ Account tracker.RegisteredAccount }
	if err := json.Unmarshal([]byte(a.body), &got); err != nil {
		t.Fatal(err)
	}
	return got.Account
}

func TestAccounts_OneLife(t *testing.T) {
	d := open(t, &fake{}, lends, func(o *api.Options) { o.Keys = keys{other: kept(bob, "key:bob", tracker.RoleAdmin)} })
	const path = "/api/v1/accounts"
	a := d.call("POST", path, `{"name":"prod","role_arn":"`+role+`","regions":["eu-west-1"],"description":"what customers use"}`)
	made := account(t, a)
	if a.code != 201 || a.header.Get("Location") != path+"/prod" || len(made.ExternalID) < 26 || made.AccountID != tracker.AccountOfRole(role) {
		t.Fatal(a.code, a.body)
	}
	if a := d.call("POST", path, `{"name":"prod","role_arn":"`+otherRole+`"}`); a.code != 409 || !strings.Contains(a.body, "body.name") {
		t.Error(a.code, a.body)
	}
	second := account(t, d.call("POST", path, `{"name":"second","role_arn":"`+otherRole+`"}`))
	if second.ExternalID == "" || second.ExternalID == made.ExternalID {
		t.Error("two registrations have one external ID")
	}
	if got := account(t, d.call("GET", path+"/prod", "")); got.ExternalID != made.ExternalID {
		t.Error(got)
	}
	if a := d.call("GET", path+"?limit=1", ""); a.code != 200 || strings.Contains(a.body, made.ExternalID) || a.json(t)["next_cursor"] != "prod" {
		t.Error(a.code, a.body)
	}
	changed := account(t, d.call("PUT", path+"/prod", `{"role_arn":"`+role+`-new"}`))
	if changed.ExternalID != made.ExternalID || changed.RoleARN != role+"-new" || changed.Regions != nil || !changed.CreatedAt.Equal(made.CreatedAt) {
		t.Error(changed)
	}
	if a := d.call("PUT", path+"/prod", `{"role_arn":"`+otherRole+`"}`); a.code != 422 || !strings.Contains(a.body, "another AWS account") {
		t.Error(a.code, a.body)
	}
	for _, tc := range [][2]string{{"GET", "/prod"}, {"PUT", "/prod"}, {"DELETE", "/prod"}, {"GET", "/prod/setup"}, {"POST", "/prod/check"}} {
		body := ""
		if tc[0] == "PUT" {
			body = `{"role_arn":"` + role + `"}`
		}
		if a := d.call(tc[0], path+tc[1], body, "X-API-Key", other); a.code != 404 {
			t.Errorf("another tenant, %v: %d %s", tc, a.code, a.body)
		}
	}
	if a := d.call("DELETE", path+"/prod", ""); a.code != 204 {
		t.Error(a.code, a.body)
	}
	if a := d.call("GET", path+"/prod", ""); a.code != 404 {
		t.Error(a.code, a.body)
	}
}

func TestAccounts_AreNamedInPlaceOfKeys(t *testing.T) {
	const change = `,"actions":[{"resource_id":"i-1","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}]`
	for _, tc := range []struct {
		name, path, body string
		code             int
		says             string
	}{
		{"a scan", "/api/v1/scan", `{"account":"prod"}`, 202, ""},
		{"an access check", "/api/v1/access-check", `{"account":"prod"}`, 202, ""},
		{"a check of the account", "/api/v1/accounts/prod/check", "", 202, ""},
		{"a plan", "/api/v1/plans", `{"account":"prod"` + change + `}`, 200, ""},
		{"several", "/api/v1/scan", `{"accounts":[{"account":"prod"},{"account":"test"}]}`, 202, ""},
		{"one that is not registered", "/api/v1/scan", `{"account":"dev"}`, 422, "body.account: is not registered"},
		{"one of several that is not", "/api/v1/scan", `{"accounts":[{"account":"dev"}]}`, 422, "body.accounts[0].account: is not registered"},
		{"a role that is not", "/api/v1/scan", `{"role_arn":"` + role + `9"}`, 422, "lent to registered accounts only"},
		{"one role of several that is not", "/api/v1/scan", `{"accounts":[{"role_arn":"` + role + `9"}]}`, 422, "lent to registered accounts only"},
		{"with keys", "/api/v1/scan", credentials(`,"account":"prod"`), 422, "body.account: is in place of keys"},
		{"several with keys", "/api/v1/scan", credentials(`,"accounts":[{"account":"prod"}]`), 422, "leave the keys out"},
		{"with an external ID", "/api/v1/scan", `{"role_arn":"` + role + `","external_id":"mine"}`, 422, "is the server's to give"},
		{"with a role", "/api/v1/scan", `{"accounts":[{"account":"prod","role_arn":"` + role + `"}]}`, 422, "give one of both"},
		{"neither", "/api/v1/scan", `{"accounts":[{"regions":["eu-west-1"]}]}`, 422, "needs account or role_arn"},
		{"a plan with a role that is not", "/api/v1/plans", `{"role_arn":"` + role + `9"` + change + `}`, 422, "lent to registered accounts only"},
		{"a schedule with a role that is not", "/api/v1/schedules", nightly(`,"role_arn":"` + role + `9"`), 422, "lent to registered accounts only"},
		{"a schedule with one that is not", "/api/v1/schedules", nightly(`,"account":"dev"`), 422, "is not registered"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := acting(t, &fake{accounts: registered()}, lends)
			a := d.call("POST", tc.path, tc.body)
			if a.code != tc.code || !strings.Contains(a.body, tc.says) {
				t.Fatal(a.code, a.body)
			}
			for _, c := range d.fake.sealed {
				if !c.Server || c.RoleARN != "" || c.ExternalID != "" {
					t.Error("sealed is more than the account's name")
				}
			}
			if a := d.call("POST", tc.path, tc.body, "X-API-Key", other); tc.code < 300 && a.code != 422 && a.code != 404 {
				t.Error("another tenant:", a.code, a.body)
			}
		})
	}
	d := open(t, &fake{accounts: registered()})
	if a := d.call("POST", "/api/v1/scan", `{"account":"prod"}`); a.code != 422 || !strings.Contains(a.body, "ALLOW_SERVER_CREDENTIALS is off") {
		t.Error(a.code, a.body)
	}
}

// TestAccounts_GiveTheirRegions compares what a request says with what a registration does.
func TestAccounts_GiveTheirRegions(t *testing.T) {
	for _, tc := range []struct {
		name, body  string
		regions, of []string // of the request, and of its first account
	}{
		{"alone", `{"account":"prod"}`, []string{"eu-west-1"}, nil},
		{"alone, with others", `{"account":"prod","regions":["us-east-1"]}`, []string{"us-east-1"}, nil},
		{"of several", `{"accounts":[{"account":"prod"},{"account":"test"}]}`, nil, []string{"eu-west-1"}},
		{"of several, with others", `{"accounts":[{"account":"prod","regions":["us-east-1"]}]}`, nil, []string{"us-east-1"}},
		{"of several, with others for all", `{"regions":["us-east-1"],"accounts":[{"account":"prod"}]}`, []string{"us-east-1"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := open(t, &fake{accounts: registered()}, lends)
			if a := d.call("POST", "/api/v1/scan", tc.body); a.code != 202 {
				t.Fatal(a.code, a.body)
			}
			got := d.fake.submissions[0].Request
			var of []string
			if len(got.Accounts) > 0 {
				of = got.Accounts[0].Regions
			}
			if diff := gocmp.Diff([][]string{tc.regions, tc.of}, [][]string{got.Regions, of}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAccounts_Setup(t *testing.T) {
	var asked api.SetupWanted
	d := open(t, &fake{accounts: []tracker.RegisteredAccount{{Name: "prod", AccountID: "1", RoleARN: role, ExternalID: "rt-1"}}}, lends, func(o *api.Options) {
		o.Setup = func(w api.SetupWanted) (api.Setup, error) {
			asked = w
			return api.Setup{Template: "Resources:\n", Trust: json.RawMessage(`{"a":1}`), Policies: []json.RawMessage{json.RawMessage(`{"b":2}`)}}, nil
		}
	})
	const path = "/api/v1/accounts/prod/setup"
	if a := d.call("GET", path, ""); a.code != 422 || !strings.Contains(a.body, "SERVER_PRINCIPAL_ARN") {
		t.Error(a.code, a.body)
	}
	a := d.call("GET", path+"?principal=arn:aws:iam::999999999999:role/tracker&types=S3_Bucket,EC2_Instance&actions=stop&metrics=true", "")
	want := `{"success":true,"account_id":"1","role_arn":"` + role + `","principal":"arn:aws:iam::999999999999:role/tracker","external_id":"rt-1",` +
		`"trust_policy":{"a":1},"policies":[{"b":2}],"template":"Resources:\n"}`
	if diff := gocmp.Diff(want, strings.TrimSpace(a.body)); a.code != 200 || diff != "" {
		t.Error(a.code, diff)
	}
	if diff := gocmp.Diff([]string{"S3_Bucket", "EC2_Instance", "stop"}, append(asked.Types, asked.Actions...)); diff != "" || !asked.Metrics {
		t.Error(diff)
	}
}

func TestPolicyForSomeUses(t *testing.T) {
	var asked api.SetupWanted
	d := open(t, &fake{}, func(o *api.Options) {
		o.Setup = func(w api.SetupWanted) (api.Setup, error) {
			if asked = w; slices.Contains(w.Types, "Nothing") {
				return api.Setup{}, tracker.Errorf(tracker.CodeInvalid, "unknown resource type")
			}
			return api.Setup{Policies: []json.RawMessage{json.RawMessage(`{"b":2}`)}}, nil
		}
	})
	a := d.call("GET", "/api/v1/iam-policy?types=S3_Bucket,EC2_Instance&actions=stop&details=bucket_uploads&billed=true", "")
	if diff := gocmp.Diff(`{"success":true,"policies":[{"b":2}]}`, strings.TrimSpace(a.body)); a.code != 200 || diff != "" {
		t.Error(a.code, diff)
	}
	want := api.SetupWanted{Types: []string{"S3_Bucket", "EC2_Instance"}, Actions: []string{"stop"}, Details: []string{"bucket_uploads"}, Billed: true}
	if diff := gocmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
	if a := d.call("GET", "/api/v1/iam-policy?types=Nothing", ""); a.code != 422 {
		t.Error(a.code, a.body)
	}
}

// TestAccounts_TellTheirExternalIDOnlyToWhoManages has the marker for one: the door looks
// for it in every answer and in the log.
func TestAccounts_TellTheirExternalIDOnlyToWhoManages(t *testing.T) {
	const carol = "carols-key-for-tests"
	d := acting(t, &fake{accounts: registered()}, lends, func(o *api.Options) {
		o.Keys = keys{carol: kept(alice, "key:carol", tracker.RoleViewer, tracker.RoleOperator, tracker.RoleActor, tracker.RoleApprover)}
	})
	for _, tc := range []struct {
		method, path, body string
		code               int
	}{
		{"GET", "/api/v1/accounts", "", 200},
		{"GET", "/api/v1/accounts/prod", "", 403},
		{"GET", "/api/v1/accounts/prod/setup", "", 403},
		{"PUT", "/api/v1/accounts/prod", `{"role_arn":"` + role + `"}`, 403},
		{"DELETE", "/api/v1/accounts/prod", "", 403},
		{"POST", "/api/v1/accounts", `{"name":"new","role_arn":"` + role + `"}`, 403},
		{"GET", "/api/v1/tenants/default/allowed-accounts", "", 403},
		{"PUT", "/api/v1/tenants/default/allowed-accounts", `{"accounts":[]}`, 403},
		{"POST", "/api/v1/accounts/prod/check", "", 202},
		{"POST", "/api/v1/scan", `{"account":"prod"}`, 202},
		{"GET", "/api/v1/jobs", "", 200},
		{"GET", "/api/v1/jobs/new-1", "", 200},
		{"POST", "/api/v1/schedules", nightly(`,"accounts":[{"account":"test"}]`), 201},
		{"GET", "/api/v1/schedules/sc-1", "", 200},
		{"POST", "/api/v1/plans", `{"account":"prod","actions":[{"resource_id":"i-1","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop"}]}`, 200},
		{"GET", "/api/v1/audit", "", 200},
	} {
		if a := d.call(tc.method, tc.path, tc.body, "X-API-Key", carol); a.code != tc.code {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, a.code, a.body)
		}
	}
}
