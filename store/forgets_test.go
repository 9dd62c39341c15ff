package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// deletions are what the history is to delete, without when. Each is claimed, and done.
func deletions(t *testing.T, s *store.Store) (all []string) {
	t.Helper()
	for {
		f, ok, err := s.ClaimForgetting(t.Context(), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return all
		}
		if f.At.IsZero() || time.Since(f.At) > time.Minute {
			t.Errorf("as of %s", f.At)
		}
		if err := s.Forgotten(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		all = append(all, f.Tenant+"/"+f.Account)
	}
}

func TestForgets(t *testing.T) {
	s, _ := open(t, store.Options{Records: true})
	accounts, tenants := store.Accounts{Store: s}, store.Tenants{Store: s}
	admin, acme := tracker.Principal{Tenant: tracker.DefaultTenant, Who: "key:admin"}, tracker.Principal{Tenant: "acme", Who: "key:acme"}
	if _, err := tenants.AddTenant(t.Context(), admin, tracker.Tenant{Name: "acme"}); err != nil {
		t.Fatal(err)
	}
	for name, role := range map[string]string{"one": roleIn(1, "r"), "same": roleIn(1, "other"), "two": roleIn(2, "r")} {
		if err := accounts.AddAccount(t.Context(), acme, tracker.RegisteredAccount{Name: name, AccountID: tracker.AccountOfRole(role), RoleARN: role}); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		name string
		do   func() error
		want []string
	}{
		{"nothing is deleted", func() error { return nil }, nil},
		{"one of two registrations", func() error { return accounts.DeleteAccount(t.Context(), acme, "one") }, nil},
		{"the other", func() error { return accounts.DeleteAccount(t.Context(), acme, "same") }, []string{"acme/000000000001"}},
		{"a history", func() error { return accounts.ForgetHistory(t.Context(), acme, "000000000002") }, []string{"acme/000000000002"}},
		{"a tenant", func() error { return tenants.DeleteTenant(t.Context(), admin, "acme") }, []string{"acme/"}},
		{"a tenant again", func() error { return tenants.DeleteTenant(t.Context(), admin, "acme") }, nil},
	} {
		if err := step.do(); err != nil {
			t.Fatal(step.name, err)
		}
		if diff := cmp.Diff(step.want, deletions(t, s)); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
	}
}

// TestForgets_AreTriedAgain holds that what was claimed by one who died comes again, and not before.
func TestForgets_AreTriedAgain(t *testing.T) {
	now := time.UnixMilli(1_800_000_000_000)
	s, _ := open(t, store.Options{Records: true, Now: func() time.Time { return now }})
	if err := (store.Accounts{Store: s}).ForgetHistory(t.Context(), tracker.Principal{Tenant: "a"}, "000000000001"); err != nil {
		t.Fatal(err)
	}
	want := store.Forgetting{Tenant: "a", Account: "000000000001", At: now}
	for _, after := range []time.Duration{0, time.Second, time.Minute} {
		now = now.Add(after)
		f, ok, err := s.ClaimForgetting(t.Context(), time.Minute)
		if err != nil || ok != (after != time.Second) || ok && !cmp.Equal(f, want) {
			t.Errorf("after %s: %+v %v %v", after, f, ok, err)
		}
	}
}

// TestForgets_Off holds that where no history is kept nothing waits for one.
func TestForgets_Off(t *testing.T) {
	s, _ := open(t, store.Options{})
	accounts, by := store.Accounts{Store: s}, tracker.Principal{Tenant: "a"}
	if err := accounts.AddAccount(t.Context(), by, tracker.RegisteredAccount{Name: "n", AccountID: "000000000001", RoleARN: roleIn(1, "r")}); err != nil {
		t.Fatal(err)
	}
	if err := accounts.DeleteAccount(t.Context(), by, "n"); err != nil {
		t.Fatal(err)
	}
	if left := deletions(t, s); left != nil {
		t.Error(left)
	}
}
