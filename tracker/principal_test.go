package tracker_test

import (
	"slices"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestWithin(t *testing.T) {
	dev := tracker.Bounds{Tags: map[string][]string{"env": {"dev"}}}
	p := tracker.Principal{Tenant: "acme", Grants: []tracker.Grant{{Role: tracker.RoleActor, Bounds: dev}, {Role: tracker.RoleViewer}}}
	if w, ok := p.Within(tracker.PermitPlan); !ok || len(w) != 1 {
		t.Error(w, ok)
	}
	if w, ok := p.Within(tracker.PermitRead); !ok || w != nil {
		t.Error("a role that is not narrowed wins:", w, ok)
	}
	if p.May(tracker.PermitScan) || p.May(tracker.PermitInstance) || !p.May(tracker.PermitSelf) {
		t.Error("permissions that nothing grants")
	}
	if got := p.Permissions(); !slices.Equal(got, []tracker.Permit{tracker.PermitRead, tracker.PermitPlan}) {
		t.Error("permissions:", got)
	}
	p.Grants = []tracker.Grant{{Role: tracker.RoleAdmin}}
	if p.May(tracker.PermitInstance) || slices.Contains(p.Permissions(), tracker.PermitInstance) {
		t.Error("an admin of a tenant is none of the service")
	}
}

func TestOutside(t *testing.T) {
	item := tracker.ActionItem{Type: "EC2_Instance", Region: "eu-west-1", Verb: "stop"}
	tagged := func(env string, taken ...tracker.Resource) tracker.Sight {
		return tracker.Sight{Resource: tracker.Resource{Tags: map[string]string{"env": env}}, Taken: taken}
	}
	volume := func(tags map[string]string) tracker.Resource { return tracker.Resource{ID: "vol-1", Tags: tags} }
	dev := tracker.Bounds{Tags: map[string][]string{"env": {"dev", "test"}}}
	for name, tc := range map[string]struct {
		within []tracker.Bounds
		seen   tracker.Sight
		inside bool
	}{
		"no bounds":                    {nil, tagged("prod"), true},
		"the tag":                      {[]tracker.Bounds{dev}, tagged("test"), true},
		"another value":                {[]tracker.Bounds{dev}, tagged("prod"), false},
		"no tags known":                {[]tracker.Bounds{dev}, tracker.Sight{}, false},
		"what goes with it, untagged":  {[]tracker.Bounds{dev}, tagged("dev", volume(nil)), true},
		"what goes with it, of others": {[]tracker.Bounds{dev}, tagged("dev", volume(map[string]string{"env": "prod"})), false},
		"another account":              {[]tracker.Bounds{{Accounts: []string{"222222222222"}}}, tagged("dev"), false},
		"the account":                  {[]tracker.Bounds{{Accounts: []string{"111111111111"}}}, tagged("dev"), true},
		"another region":               {[]tracker.Bounds{{Regions: []string{"us-east-1"}}}, tagged("dev"), false},
		"another type":                 {[]tracker.Bounds{{Types: []tracker.Type{"S3_Bucket"}}}, tagged("dev"), false},
		"another verb":                 {[]tracker.Bounds{{Verbs: []string{"start"}}}, tagged("dev"), false},
		"one of two":                   {[]tracker.Bounds{{Verbs: []string{"start"}}, dev}, tagged("dev"), true},
		"half of each":                 {[]tracker.Bounds{{Verbs: []string{"start"}}, dev}, tagged("prod"), false},
	} {
		if got := tracker.Outside(tc.within, item, "111111111111", tc.seen); (got == nil) != tc.inside {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestGrant_Check(t *testing.T) {
	for _, role := range tracker.Roles() {
		for name, b := range map[string]tracker.Bounds{
			"scan": {Accounts: []string{"111111111111"}, Regions: []string{"eu-west-1"}, Types: []tracker.Type{"S3_Bucket"}},
			"act":  {Verbs: []string{"stop"}, Tags: map[string][]string{"env": {"dev"}}},
		} {
			want := role == tracker.RoleActor || role == tracker.RoleOperator && name == "scan"
			if err := (tracker.Grant{Role: role, Bounds: b}).Check(); (err == nil) != want {
				t.Errorf("%s narrowed to %s: %v", role, name, err)
			}
		}
	}
	if err := (tracker.Grant{Role: "root"}).Check(); err == nil {
		t.Error("a role that there is not")
	}
}

func TestMayApprove(t *testing.T) {
	alice := tracker.Principal{Who: "key:1", Person: "user:alice", MadeBy: "key:admin"}
	for name, tc := range map[string]struct {
		by  tracker.Principal
		may bool
	}{
		"herself":                   {alice, false},
		"another key of hers":       {tracker.Principal{Who: "key:2", Person: "user:alice"}, false},
		"who made her key":          {tracker.Principal{Who: "key:admin", Person: "key:admin"}, false},
		"a key that she made":       {tracker.Principal{Who: "key:3", Person: "user:bob", MadeBy: "user:alice"}, false},
		"whose key the same made":   {tracker.Principal{Who: "key:4", Person: "user:bob", MadeBy: "key:admin"}, true},
		"somebody else":             {tracker.Principal{Who: "jwt:carol", Person: "jwt:carol"}, true},
		"a person without a person": {tracker.Principal{Who: "user:alice"}, false},
	} {
		if got := tc.by.MayApprove(alice); got != tc.may {
			t.Errorf("%s: %t", name, got)
		}
	}
}
