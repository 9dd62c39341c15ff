package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestSessions(t *testing.T) {
	now := time.Now()
	s, rdb := open(t, store.Options{Now: func() time.Time { return now }})
	sessions := store.Sessions{Store: s, Life: 3 * time.Hour}
	grants := []tracker.Grant{{Role: tracker.RoleViewer}}
	alice := tracker.Session{Tenant: tracker.DefaultTenant, Who: "oidc:alice", Person: "oidc:alice", Name: "alice@example.com", From: "192.0.2.1", Tenants: []string{"acme", tracker.DefaultTenant}, Grants: grants}
	sn, token, err := sessions.OpenSession(t.Context(), alice)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range rdb.Keys(t.Context(), "*").Val() {
		if dump := rdb.Dump(t.Context(), key).Val(); strings.Contains(key+dump, token) || strings.Contains(key+dump, token[17:]) {
			t.Errorf("%s holds the token", key)
		}
	}
	got, err := sessions.Session(t.Context(), token)
	if err != nil || got.ID != sn.ID || got.Who != alice.Who || len(got.Grants) != 1 || got.Principal().Tenant != tracker.DefaultTenant || len(got.Principal().Tenants) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, wrong := range []string{"", "x", "trs_", token[:len(token)-1], token + "A", token[:len(token)-1] + "!", "trs_aaaaaaaaaaaa" + token[16:]} {
		if _, err := sessions.Session(t.Context(), wrong); tracker.CodeOf(err) != tracker.CodeNotFound {
			t.Errorf("%q is a session: %v", wrong, err)
		}
	}

	// It is kept for two hours without use, never beyond its end, and one that has ended is
	// not taken although Redis would still have it.
	key := "rt:session:" + sn.ID
	for _, step := range []struct{ after, left time.Duration }{{0, 2 * time.Hour}, {time.Minute + time.Second, 2 * time.Hour}, {2 * time.Hour, time.Hour}} {
		now = now.Add(step.after)
		if got, err = sessions.Session(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		if ttl := rdb.PTTL(t.Context(), key).Val(); ttl > step.left || ttl < step.left-2*time.Minute {
			t.Errorf("after %s it is kept for %s, want %s", step.after, ttl, step.left)
		}
	}
	now = now.Add(time.Hour)
	if _, err := sessions.Session(t.Context(), token); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("after its end: %v", err)
	}
}

func TestSessionsOfAPerson(t *testing.T) {
	s, _ := open(t, store.Options{})
	sessions := store.Sessions{Store: s}
	person := func(name string, roles ...tracker.Role) tracker.Principal {
		p := tracker.Principal{Tenant: tracker.DefaultTenant, Who: name, Person: name}
		for _, r := range roles {
			p.Grants = append(p.Grants, tracker.Grant{Role: r})
		}
		return p
	}
	alice, bob, admin := person("oidc:alice"), person("oidc:bob"), person("oidc:carol", tracker.RoleAdmin)
	sign := func(p tracker.Principal) (tracker.Session, string) {
		t.Helper()
		sn, token, err := sessions.OpenSession(t.Context(), tracker.Session{Tenant: p.Tenant, Who: p.Who, Person: p.Person})
		if err != nil {
			t.Fatal(err)
		}
		return sn, token
	}
	first, token := sign(alice)
	ofBob, _ := sign(bob)
	for range store.MaxSessions {
		sign(alice)
	}
	if _, err := sessions.Session(t.Context(), token); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("the oldest of too many: %v", err)
	}
	list := func(person string) (ids []string) {
		t.Helper()
		for cursor := ""; ; {
			page, next, err := sessions.SessionsOf(t.Context(), tracker.DefaultTenant, person, cursor, 7)
			if err != nil {
				t.Fatal(err)
			}
			for _, sn := range page {
				ids = append(ids, sn.ID)
			}
			if cursor = next; next == "" {
				return ids
			}
		}
	}
	if mine, all := list(alice.Person), list(""); len(mine) != store.MaxSessions || len(all) != store.MaxSessions+1 || slices.Contains(all, first.ID) {
		t.Errorf("%d of alice, %d of all", len(mine), len(all))
	}
	if _, _, err := sessions.SessionsOf(t.Context(), tracker.DefaultTenant, "", "x", 7); tracker.CodeOf(err) != tracker.CodeInvalid {
		t.Errorf("a bad cursor: %v", err)
	}
	foreign := admin
	foreign.Tenant = "acme"
	for name, who := range map[string]tracker.Principal{"another person": alice, "an admin of another tenant": foreign} {
		if err := sessions.EndSession(t.Context(), who, ofBob.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
			t.Errorf("%s ends it: %v", name, err)
		}
	}
	if err := sessions.EndSession(t.Context(), admin, ofBob.ID); err != nil {
		t.Error(err)
	}
	if left := list(bob.Person); len(left) != 0 {
		t.Errorf("revoked and listed: %v", left)
	}
	ofAdmin, _ := sign(admin)
	admin.Session = ofAdmin.ID
	if err := sessions.EndSession(t.Context(), admin, ofAdmin.ID); err != nil {
		t.Error(err)
	}
	lines := map[string]int{}
	events, err := store.Audit{Store: s}.AuditTrail(t.Context(), tracker.DefaultTenant, "", time.Time{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		lines[e.What]++
	}
	if lines["session.created"] != store.MaxSessions+3 || lines["session.revoked"] != 1 || lines["session.ended"] != 2 {
		t.Errorf("%v", lines)
	}
}

func TestLogins(t *testing.T) {
	s, rdb := open(t, store.Options{})
	sessions := store.Sessions{Store: s}
	l := tracker.Login{Nonce: "n", Verifier: "v", ReturnTo: "/", Browser: "b"}
	if err := sessions.BeginLogin(t.Context(), "192.0.2.1", "state", l); err != nil {
		t.Fatal(err)
	}
	for _, key := range rdb.Keys(t.Context(), "*").Val() {
		if ttl := rdb.TTL(t.Context(), key).Val(); ttl <= 0 || ttl > 10*time.Minute {
			t.Errorf("%s is kept for %s", key, ttl)
		}
	}
	if got, err := sessions.TakeLogin(t.Context(), "state"); err != nil || got != l {
		t.Errorf("%+v, %v", got, err)
	}
	for _, state := range []string{"state", "", "another"} {
		if _, err := sessions.TakeLogin(t.Context(), state); tracker.CodeOf(err) != tracker.CodeNotFound {
			t.Errorf("%q is a log-in: %v", state, err)
		}
	}
	for range 99 {
		if err := sessions.BeginLogin(t.Context(), "192.0.2.1", "another", l); err != nil {
			t.Fatal(err)
		}
	}
	if err := sessions.BeginLogin(t.Context(), "192.0.2.1", "another", l); tracker.CodeOf(err) != tracker.CodeUnavailable {
		t.Errorf("an address begins a hundred and one: %v", err)
	}
	if err := sessions.BeginLogin(t.Context(), "192.0.2.2", "another", l); err != nil {
		t.Errorf("another address: %v", err)
	}
}

// TestKeyOfSum: a session ends with the secret that it was exchanged for.
func TestKeyOfSum(t *testing.T) {
	s, _ := open(t, store.Options{})
	keys := store.Keys{Store: s}
	admin := tracker.Principal{Tenant: tracker.DefaultTenant, Who: "key:admin", Person: "key:admin"}
	k, secret, err := keys.AddKey(t.Context(), admin, tracker.APIKey{Tenant: tracker.DefaultTenant, Person: "user:ci"})
	if err != nil {
		t.Fatal(err)
	}
	if who, err := keys.KeyOfSum(t.Context(), k.ID, sum(secret)); err != nil || who.Person != "user:ci" {
		t.Errorf("%+v, %v", who, err)
	}
	if _, _, err := keys.RotateKey(t.Context(), admin, k.ID, 0); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{k.ID, "aaaaaaaaaaaa", "", "*"} {
		if _, err := keys.KeyOfSum(t.Context(), id, sum(secret)); tracker.CodeOf(err) != tracker.CodeNotFound {
			t.Errorf("%q after its rotation: %v", id, err)
		}
	}
}

func sum(text string) string {
	b := sha256.Sum256([]byte(text))
	return hex.EncodeToString(b[:])
}
