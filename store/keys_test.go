package store_test

import (
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestKeys(t *testing.T) {
	s, rdb := open(t, store.Options{})
	keys, tenants := store.Keys{Store: s}, store.Tenants{Store: s}
	admin := tracker.Principal{Tenant: tracker.DefaultTenant, Who: "key:admin", Person: "key:admin"}
	if _, _, err := keys.AddKey(t.Context(), admin, tracker.APIKey{Tenant: "acme"}); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Fatalf("a key of no tenant: %v", err)
	}
	if _, err := tenants.AddTenant(t.Context(), admin, tracker.Tenant{Name: "acme"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"acme", "default", "", "A", "a b", "-a"} {
		if _, err := tenants.AddTenant(t.Context(), admin, tracker.Tenant{Name: name}); err == nil {
			t.Errorf("the tenant %q was added", name)
		}
	}
	grants := []tracker.Grant{{Role: tracker.RoleActor, Bounds: tracker.Bounds{Tags: map[string][]string{"env": {"dev"}}}}}
	k, secret, err := keys.AddKey(t.Context(), admin, tracker.APIKey{Tenant: "acme", Name: "ci", Person: "user:ci", MadeBy: admin.Person, Grants: grants})
	if err != nil {
		t.Fatal(err)
	}
	who, err := keys.AuthenticateKey(t.Context(), secret)
	if err != nil || who.Tenant != "acme" || who.Who != "key:"+k.ID || who.MadeBy != admin.Person || who.Grants[0].Tags["env"][0] != "dev" {
		t.Fatalf("%+v, %v", who, err)
	}
	for _, wrong := range []string{"", "x", "trk_", secret[:len(secret)-1], secret + "A", "trk_aaaaaaaaaaaa" + secret[16:], secret[:17] + "AAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		if _, err := keys.AuthenticateKey(t.Context(), wrong); tracker.CodeOf(err) != tracker.CodeNotFound {
			t.Errorf("%q is somebody: %v", wrong, err)
		}
	}
	if all := rdb.Keys(t.Context(), "rt:key:*").Val(); len(all) != 1 {
		t.Errorf("authentication left %v", all)
	}
	acme := tracker.Principal{Tenant: "acme", Who: "key:" + k.ID}
	if _, _, err := keys.RotateKey(t.Context(), admin, k.ID, time.Hour); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("another tenant rotates it: %v", err)
	}
	if _, second, err := keys.RotateKey(t.Context(), acme, k.ID, time.Hour); err != nil {
		t.Fatal(err)
	} else {
		for _, each := range []string{secret, second} {
			if got, err := keys.AuthenticateKey(t.Context(), each); err != nil || got.Who != who.Who {
				t.Errorf("while both are taken: %+v, %v", got, err)
			}
		}
		if _, third, err := keys.RotateKey(t.Context(), acme, k.ID, 0); err != nil {
			t.Fatal(err)
		} else if _, err := keys.AuthenticateKey(t.Context(), third); err != nil {
			t.Error(err)
		}
		if _, err := keys.AuthenticateKey(t.Context(), second); tracker.CodeOf(err) != tracker.CodeNotFound {
			t.Errorf("the old secret after its time: %v", err)
		}
	}
	if list, err := keys.KeysOf(t.Context(), "acme"); err != nil || len(list) != 1 || list[0].LastUsedAt == nil || list[0].RotatedAt == nil {
		t.Errorf("%+v, %v", list, err)
	}
	past := time.Now().Add(-time.Second)
	if _, gone, err := keys.AddKey(t.Context(), acme, tracker.APIKey{Tenant: "acme", ExpiresAt: &past}); err != nil {
		t.Fatal(err)
	} else if _, err := keys.AuthenticateKey(t.Context(), gone); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("an expired key: %v", err)
	}
	account := tracker.RegisteredAccount{Name: "prod", RoleARN: "arn:aws:iam::111122223333:role/tracker", ExternalID: "x"}
	if err := (store.Accounts{Store: s}).AddAccount(t.Context(), acme, account); err != nil {
		t.Fatal(err)
	}
	if err := tenants.DeleteTenant(t.Context(), admin, "acme"); err != nil {
		t.Fatal(err)
	}
	if left := rdb.Keys(t.Context(), "rt:owner:*:accounts").Val(); len(left) != 0 {
		t.Errorf("the tenant is gone, and %v are left", left)
	}
	if left := rdb.Keys(t.Context(), "rt:key:*").Val(); len(left) != 0 {
		t.Errorf("the tenant is gone, and %v are left", left)
	}
	if _, err := tenants.AddTenant(t.Context(), admin, tracker.Tenant{Name: "acme"}); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("the name is given again: %v", err)
	}
	lines, err := store.Audit{Store: s}.AuditTrail(t.Context(), "acme", "", time.Time{}, 100)
	if err != nil || len(lines) != 5 || lines[0].What != "key.created" || lines[1].What != "key.rotated" {
		t.Errorf("the audit: %+v, %v", lines, err)
	}
}
