package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestRolesAreAsked calls every operation of the document as every role, of the tenant
// default and of another: it is 403 exactly where the role does not allow it.
func TestRolesAreAsked(t *testing.T) {
	f := finished(tracker.JobPartial)
	people := keys{}
	for _, tenant := range []string{tracker.DefaultTenant, "acme"} {
		for _, role := range tracker.Roles() {
			people[fmt.Sprintf("%s of %s", role, tenant)] = kept(tenant, "key:"+string(role), role)
		}
		people["nobody of "+tenant] = kept(tenant, "key:nobody")
	}
	d := open(t, f, func(o *api.Options) {
		o.Keys, o.ServerCredentials, o.Tenants = people, true, noTenants{}
	})
	walked := 0
	for _, o := range operations(t) {
		need := o.Permission
		if slices.Contains(openToAll, o.path) {
			continue
		}
		if need == "" {
			t.Errorf("%s has no permission", o.OperationID)
			continue
		}
		for name, who := range people {
			walked++
			a := d.call(o.method, strings.NewReplacer("{id}", "job-1", "{tenant}", "acme").Replace(o.path), "", "X-API-Key", name)
			if refused := a.code == http.StatusForbidden; refused == who.May(need) {
				t.Errorf("%s, which needs %s, as %s: %d %s", o.OperationID, need, name, a.code, a.body)
			}
		}
	}
	t.Logf("walked %d pairs", walked)
}

// noTenants has none besides the tenant default.
type noTenants struct{}

func (noTenants) Tenant(_ context.Context, name string) (tracker.Tenant, error) {
	return tracker.Tenant{}, tracker.Errorf(tracker.CodeNotFound, "no tenant %s", name)
}

func (noTenants) Tenants(context.Context) ([]tracker.Tenant, error) { return []tracker.Tenant{}, nil }

func (noTenants) AddTenant(_ context.Context, _ tracker.Principal, t tracker.Tenant) (tracker.Tenant, error) {
	return t, nil
}

func (n noTenants) DeleteTenant(ctx context.Context, _ tracker.Principal, name string) error {
	_, err := n.Tenant(ctx, name)
	return err
}

func TestNarrowedOperators(t *testing.T) {
	narrow := func(b tracker.Bounds) tracker.Principal {
		return tracker.Principal{Tenant: "acme", Who: "key:n", Person: "key:n", Grants: []tracker.Grant{{Role: tracker.RoleOperator, Bounds: b}}}
	}
	const role = `"accounts":[{"role_arn":"arn:aws:iam::111122223333:role/r"%s}]`
	for name, tc := range map[string]struct {
		bounds tracker.Bounds
		body   string
		code   int
	}{
		"accounts, none named":    {tracker.Bounds{Accounts: []string{"111122223333"}}, ``, 403},
		"accounts, theirs":        {tracker.Bounds{Accounts: []string{"111122223333"}}, "," + fmt.Sprintf(role, ""), 202},
		"accounts, another":       {tracker.Bounds{Accounts: []string{"444455556666"}}, "," + fmt.Sprintf(role, ""), 403},
		"accounts, all":           {tracker.Bounds{Accounts: []string{"111122223333"}}, `,"organization":true`, 403},
		"types, none named":       {tracker.Bounds{Types: []tracker.Type{"S3_Bucket"}}, ``, 403},
		"types, theirs":           {tracker.Bounds{Types: []tracker.Type{"S3_Bucket"}}, `,"types":["S3_Bucket"]`, 202},
		"types, more":             {tracker.Bounds{Types: []tracker.Type{"S3_Bucket"}}, `,"types":["S3_Bucket","IAM_User"]`, 403},
		"regions, none named":     {tracker.Bounds{Regions: []string{"eu-west-1"}}, `,"types":["EC2_Instance"]`, 403},
		"regions, theirs":         {tracker.Bounds{Regions: []string{"eu-west-1"}}, `,"types":["EC2_Instance"],"regions":["eu-west-1"]`, 202},
		"regions, more":           {tracker.Bounds{Regions: []string{"eu-west-1"}}, `,"types":["EC2_Instance"],"regions":["eu-west-1","us-east-1"]`, 403},
		"regions, of the account": {tracker.Bounds{Regions: []string{"eu-west-1"}}, `,"types":["EC2_Instance"],` + fmt.Sprintf(role, `,"regions":["eu-west-1"]`), 202},
		"regions, of another":     {tracker.Bounds{Regions: []string{"eu-west-1"}}, `,"types":["EC2_Instance"],` + fmt.Sprintf(role, `,"regions":["us-east-1"]`), 403},
		"regions, and of none":    {tracker.Bounds{Regions: []string{"eu-west-1"}}, `,"regions":["eu-west-1"]`, 403},
		"regions, global besides": {tracker.Bounds{Regions: []string{"eu-west-1", "global"}}, `,"regions":["eu-west-1"]`, 202},
	} {
		d := open(t, &fake{}, func(o *api.Options) { o.Keys = keys{"narrow": narrow(tc.bounds)} })
		if a := d.call("POST", "/api/v1/scan", credentials(tc.body), "X-API-Key", "narrow"); a.code != tc.code {
			t.Errorf("%s: %d %s", name, a.code, a.body)
		}
	}
}

func TestGrantsAreChecked(t *testing.T) {
	d := open(t, &fake{})
	for body, code := range map[string]int{
		`{"role":"operator"}`:                        201,
		`{"role":"actor","tags":{"env":["dev"]}}`:    201,
		`{"role":"root"}`:                            422,
		`{"role":"viewer","regions":["eu-west-1"]}`:  422,
		`{"role":"operator","tags":{"env":["dev"]}}`: 422,
		`{"role":"actor","types":["EC2_Instanze"]}`:  422,
		`{"role":"actor","accounts":["12"]}`:         422,
		`{"role":"actor","tags":{"env":"dev"}}`:      422,
		`{"role":"actor","unknown":1}`:               422,
	} {
		if a := d.call("POST", "/api/v1/keys", `{"name":"n","grants":[`+body+`]}`); a.code != code {
			t.Errorf("%s: %d %s", body, a.code, a.body)
		}
	}
	if a := d.call("POST", "/api/v1/keys", `{"name":"n","tenant":"other","grants":[{"role":"viewer"}]}`, "X-API-Key", other); a.code != 403 {
		t.Errorf("a key of another tenant: %d %s", a.code, a.body)
	}
}
