package sealing

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// clientSealed seals a text as a client does, to a recipient.
func clientSealed(t *testing.T, recipient, plain string) string {
	t.Helper()
	r, err := age.ParseX25519Recipient(recipient)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := age.Encrypt(&b, r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(plain)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// clientText is what a client seals for a tenant, to be taken within a time.
func clientText(tenant string, within time.Duration) string {
	return fmt.Sprintf(`{"access_key_id":"AKIA","secret_access_key":%q,"session_token":"T","tenant":%q,"expires_at":%q}`,
		marker, tenant, time.Now().Add(within).Format(time.RFC3339Nano))
}

// TestClientSeals has the API take what clients sealed, and workers open both.
func TestClientSeals(t *testing.T) {
	sealer, opener, _ := pair(t)
	another, _, _ := pair(t)
	sealed := func(plain string) string { return clientSealed(t, sealer.Recipient(), plain) }
	whole, keys := clientText("a", time.Minute), tracker.Credentials{AccessKeyID: "AKIA", SecretAccessKey: marker, SessionToken: "T"}
	own, err := sealer.Seal(full, job)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, seal, code string
		want             tracker.Credentials
	}{
		{name: "whole", seal: sealed(whole), want: keys},
		{name: "at the last moment", seal: sealed(clientText("a", tracker.SealLife)), want: keys},
		{name: "expired", seal: sealed(clientText("a", -time.Second)), code: tracker.SealExpired},
		{name: "for a day", seal: sealed(clientText("a", 24*time.Hour)), code: tracker.SealMalformed},
		{name: "without an end", seal: sealed(strings.ReplaceAll(whole, "expires_at", "expires")), code: tracker.SealExpired},
		{name: "of another tenant", seal: sealed(clientText("b", time.Minute)), code: tracker.SealOfAnotherTenant},
		{name: "of no tenant", seal: sealed(clientText("", time.Minute)), code: tracker.SealOfAnotherTenant},
		{name: "to another key", seal: clientSealed(t, another.Recipient(), whole), code: tracker.SealToAnotherKey},
		{name: "no base64", seal: "%", code: tracker.SealMalformed},
		{name: "no seal", seal: "QUtJQQ==", code: tracker.SealMalformed},
		{name: "cut short", seal: base64.StdEncoding.EncodeToString(must(t, sealed(whole))[:250]), code: tracker.SealMalformed},
		{name: "no JSON", seal: sealed("AKIA"), code: tracker.SealMalformed},
		{name: "half a pair", seal: sealed(strings.Replace(whole, "secret_access_key", "secret", 1)), code: tracker.SealMalformed},
		{name: "a line feed in a key", seal: sealed(strings.Replace(whole, "AKIA", `AKIA\n`, 1)), code: tracker.SealMalformed},
		{name: "a token without end", seal: sealed(strings.Replace(whole, `"T"`, `"`+strings.Repeat("T", 4097)+`"`, 1)), code: tracker.SealMalformed},
		{name: "the server's own", seal: sealed(`{"s":true,"server":true,"Server":true,"tenant":"a"}`), code: tracker.SealMalformed},
		{name: "one of the API's", seal: base64.StdEncoding.EncodeToString(own), code: tracker.SealMalformed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			outer, err := sealer.Seal(tracker.Credentials{Sealed: tc.seal, RoleARN: "role", ExternalID: "x"}, job)
			if err != nil {
				t.Fatal(err)
			}
			got, err := opener.Open(outer, job)
			if tc.code == "" {
				tc.want.RoleARN, tc.want.ExternalID = "role", "x"
				if err != nil || got != tc.want {
					t.Errorf("opened to something else, %v", err)
				}
				return
			}
			want := &tracker.Failure{Outcome: tracker.OutcomeBadCreds, Code: tc.code, Harmless: true}
			f, ok := errors.AsType[*tracker.Failure](err)
			if !ok || f.Message == "" || strings.Contains(f.Message, marker) || got != (tracker.Credentials{}) {
				t.Fatalf("%v", err)
			}
			want.Message = f.Message
			if diff := cmp.Diff(want, f); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func must(t *testing.T, text string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestClientSeals_AreOpenedLater opens credentials long after the API took them, as a plan
// does that is applied tomorrow: the time of taking counts.
func TestClientSeals_AreOpenedLater(t *testing.T) {
	_, opener, _ := pair(t)
	sealer, err := NewSealer(opener.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	within := time.Now().Add(-24 * time.Hour)
	creds := tracker.Credentials{Sealed: clientSealed(t, sealer.Recipient(), fmt.Sprintf(
		`{"access_key_id":"AKIA","secret_access_key":"s","tenant":"a","expires_at":%q}`, within.Format(time.RFC3339)))}
	if _, err := opener.openClients(creds, "a", within.Add(-time.Minute)); err != nil {
		t.Error(err)
	}
	if _, err := opener.openClients(creds, "a", within.Add(time.Minute)); err == nil {
		t.Error("opened what came too late")
	}
}

// TestClientSeals_OpenNothingThemselves puts what a client sealed in the place of the
// API's own seal.
func TestClientSeals_OpenNothingThemselves(t *testing.T) {
	sealer, opener, _ := pair(t)
	inner := must(t, clientSealed(t, sealer.Recipient(), clientText("a", time.Minute)))
	for _, of := range []tracker.SealedFor{job, {}} {
		if got, err := opener.Open(inner, of); err == nil && got != (tracker.Credentials{}) {
			t.Errorf("opened for %v", of)
		}
	}
}
