package logins

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zalando/go-keyring"
)

func open(t *testing.T, env map[string]string) *Store {
	t.Helper()
	env["XDG_CONFIG_HOME"] = t.TempDir()
	s, err := Open(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestLogins keeps log-ins with and without a keyring.
func TestLogins(t *testing.T) {
	for name, tc := range map[string]struct {
		env     map[string]string
		ring    func()
		keyring bool
	}{
		"a keyring":              {map[string]string{}, keyring.MockInit, true},
		"a keyring that refuses": {map[string]string{}, func() { keyring.MockInitWithError(errors.New("locked")) }, false},
		"no keyring":             {map[string]string{"TRACKER_KEYRING": "off"}, keyring.MockInit, false},
	} {
		t.Run(name, func(t *testing.T) {
			tc.ring()
			s := open(t, tc.env)
			if _, ok, err := s.Of(""); ok || err != nil {
				t.Fatal("there was one before", err)
			}
			until := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
			for _, l := range []Login{{URL: "https://a.example/", Who: "oidc:a", Tenant: "acme", ExpiresAt: until}, {URL: "https://b.example", Who: "key:b", Tenant: "default"}} {
				if _, err := s.Put(l, "secret of "+l.Who); err != nil {
					t.Fatal(err)
				}
			}
			got := map[string]string{}
			for _, url := range []string{"", "https://a.example", "https://a.example/", "https://b.example", "https://c.example"} {
				l, ok, err := s.Of(url)
				if err != nil {
					t.Fatal(err)
				}
				if !ok {
					continue
				}
				secret, err := s.Secret(l)
				if err != nil || l.Keyring != tc.keyring || strings.Contains(fmt.Sprintf("%v %+v %#v", l, l, l), "secret") {
					t.Errorf("%v, in the keyring: %t, %v", l, l.Keyring, err)
				}
				got[url] = secret
			}
			want := map[string]string{"": "secret of key:b", "https://a.example": "secret of oidc:a", "https://a.example/": "secret of oidc:a", "https://b.example": "secret of key:b"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			text, err := os.ReadFile(s.Path())
			info, err2 := os.Stat(s.Path())
			if err != nil || err2 != nil || info.Mode().Perm() != 0o600 || strings.Contains(string(text), "secret of") == tc.keyring {
				t.Errorf("%v %v %v\n%s", info.Mode(), err, err2, text)
			}
			a, _, _ := s.Of("https://a.example")
			if err := s.Use(a); err != nil {
				t.Fatal(err)
			}
			if first, _, err := s.Of(""); err != nil || first.URL != a.URL || !first.Session() {
				t.Errorf("%v, %v", first, err)
			}
			if err := s.Delete(a); err != nil {
				t.Fatal(err)
			}
			if all, err := s.All(); err != nil || len(all) != 1 || all[0].Session() {
				t.Errorf("%v, %v", all, err)
			}
		})
	}
}

func TestLogins_ThatOthersCanRead(t *testing.T) {
	s := open(t, map[string]string{"TRACKER_KEYRING": "off"})
	if _, err := s.Put(Login{URL: "https://a.example"}, "s"); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(s.Path(), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Of(""); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Error(err)
	}
	if err := os.WriteFile(s.Path(), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_ = os.Chmod(s.Path(), 0o600)
	if _, _, err := s.Of(""); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Error(err)
	}
	if _, err := s.Put(Login{URL: "https://a.example"}, "s"); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.Of(""); !ok || err != nil {
		t.Error(ok, err)
	}
	if left, _ := filepath.Glob(s.Path() + ".*"); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
