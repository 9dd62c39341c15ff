package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

func roleIn(account int, name string) string {
	return fmt.Sprintf("arn:aws:iam::%012d:role/%s", account, name)
}

func TestAccounts(t *testing.T) {
	s := store.Accounts{Store: store.New(redistest.Start(t).Client(t), store.Options{})}
	alice, bob := tracker.Principal{Tenant: "a", Who: "key:alice", From: "192.0.2.1"}, tracker.Principal{Tenant: "b", Who: "key:bob"}
	prod := tracker.RegisteredAccount{Name: "prod", AccountID: "000000000001", RoleARN: roleIn(1, "r"), ExternalID: "rt-secret"}
	other := tracker.RegisteredAccount{Name: "other", RoleARN: roleIn(2, "r")}
	if err := s.AddAccount(t.Context(), alice, prod); err != nil {
		t.Fatal(err)
	}
	if err := s.AddAccount(t.Context(), alice, other); err != nil {
		t.Fatal(err)
	}
	if got, err := s.AccountOfRole(t.Context(), "a", prod.RoleARN); err != nil || !cmp.Equal(got, prod) {
		t.Error(got, err)
	}
	refused := func(name string, err error, code tracker.Code) {
		t.Helper()
		if tracker.CodeOf(err) != code {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused("added again", s.AddAccount(t.Context(), alice, prod), tracker.CodeConflict)
	refused("the role of another", s.AddAccount(t.Context(), alice, tracker.RegisteredAccount{Name: "third", RoleARN: prod.RoleARN}), tracker.CodeConflict)
	refused("changed to the role of another", s.PutAccount(t.Context(), alice, tracker.RegisteredAccount{Name: "other", RoleARN: prod.RoleARN}), tracker.CodeConflict)
	refused("changed by another tenant", s.PutAccount(t.Context(), bob, prod), tracker.CodeNotFound)
	refused("deleted by another tenant", s.DeleteAccount(t.Context(), bob, "prod"), tracker.CodeNotFound)
	_, err := s.Account(t.Context(), "b", "prod")
	refused("read by another tenant", err, tracker.CodeNotFound)
	// A role is one tenant's as little as another's: each has an external ID of its own.
	if err := s.AddAccount(t.Context(), bob, prod); err != nil {
		t.Error(err)
	}

	moved := prod
	moved.RoleARN = roleIn(1, "new")
	if err := s.PutAccount(t.Context(), alice, moved); err != nil {
		t.Error(err)
	}
	_, err = s.AccountOfRole(t.Context(), "a", prod.RoleARN)
	refused("by the role that it had", err, tracker.CodeNotFound)
	list, next, err := s.Accounts(t.Context(), "a", "", 1)
	if err != nil || len(list) != 1 || list[0].Name != "other" || next != "other" {
		t.Error(list, next, err)
	}
	if list, next, err = s.Accounts(t.Context(), "a", next, 1); err != nil || len(list) != 1 || list[0].RoleARN != moved.RoleARN || next != "" {
		t.Error(list, next, err)
	}
	if err := s.DeleteAccount(t.Context(), alice, "prod"); err != nil {
		t.Error(err)
	}
	refused("deleted twice", s.DeleteAccount(t.Context(), alice, "prod"), tracker.CodeNotFound)
	if err := s.AddAccount(t.Context(), alice, moved); err != nil {
		t.Error("its name and role are not free again:", err)
	}

	lines, err := store.Audit(s).AuditTrail(t.Context(), "a", "", time.Time{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, l := range lines {
		counts[l.What]++
		if l.Who != "key:alice" || l.From != "192.0.2.1" || strings.Contains(l.Detail, prod.ExternalID) {
			t.Errorf("%+v", l)
		}
	}
	if diff := cmp.Diff(map[string]int{"account.added": 5, "account.changed": 2, "account.deleted": 2}, counts); diff != "" {
		t.Error(diff)
	}
}

func TestAccounts_AreBounded(t *testing.T) {
	rdb := redistest.Start(t).Client(t)
	s := store.Accounts{Store: store.New(rdb, store.Options{})}
	by := tracker.Principal{Tenant: "a", Who: "key:alice"}
	add := func(i int) error {
		return s.AddAccount(t.Context(), by, tracker.RegisteredAccount{Name: fmt.Sprint("n", i), RoleARN: roleIn(i, "r")})
	}
	for i := range 1000 {
		if err := add(i); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(1000); tracker.CodeOf(err) != tracker.CodeConflict || !strings.Contains(err.Error(), "the most of a tenant") {
		t.Error(err)
	}
	if err := s.PutAccount(t.Context(), by, tracker.RegisteredAccount{Name: "n1", RoleARN: roleIn(1, "new")}); err != nil {
		t.Error("one of a full tenant cannot be changed:", err)
	}
}

func TestAllowedAccounts(t *testing.T) {
	rdb := redistest.Start(t).Client(t)
	s := store.Accounts{Store: store.New(rdb, store.Options{})}
	by := tracker.Principal{Tenant: tracker.DefaultTenant, Who: "key:root"}
	for _, list := range [][]string{nil, {"2", "1", "2"}, {"3"}, {}} {
		if list != nil {
			if err := s.SetAllowedAccounts(t.Context(), by, "a", list); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.AllowedAccounts(t.Context(), "a")
		want := map[int][]string{3: {"1", "2"}, 1: {"3"}}[len(list)]
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(diff, err)
		}
		if other, err := s.AllowedAccounts(t.Context(), "b"); err != nil || other != nil {
			t.Error(other, err)
		}
	}
	keys, err := rdb.Keys(t.Context(), "*allowed*").Result()
	if err != nil || len(keys) != 0 {
		t.Fatal(keys, err)
	}
	if err := s.SetAllowedAccounts(t.Context(), by, "a", []string{"1"}); err != nil {
		t.Fatal(err)
	}
	if keys, err = rdb.Keys(t.Context(), "*allowed*").Result(); err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	for _, broken := range []string{"{", "[]", "null"} {
		if err := rdb.Set(t.Context(), keys[0], broken, 0).Err(); err != nil {
			t.Fatal(err)
		}
		if got, err := s.AllowedAccounts(t.Context(), "a"); err == nil {
			t.Errorf("%s allows %v", broken, got)
		}
	}
}
