package sealing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

const marker = "MARKER"

var full = tracker.Credentials{
	AccessKeyID: "AKIA" + marker, SecretAccessKey: marker + "/+=\"ü", SessionToken: strings.Repeat(marker, 300),
	RoleARN: "arn:aws:iam::1:role/" + marker, ExternalID: marker,
}

var job = tracker.SealedFor{Tenant: "a", Kind: tracker.SealJob, ID: "1"}

func pair(t *testing.T) (*Sealer, *Opener, string) {
	t.Helper()
	recipient, identity, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSealer(recipient)
	if err != nil {
		t.Fatal(err)
	}
	o, err := NewOpener(identity)
	if err != nil {
		t.Fatal(err)
	}
	if o.Recipient() != recipient || s.Recipient() != recipient {
		t.Errorf("recipient %s, sealer %s, opener %s", recipient, s.Recipient(), o.Recipient())
	}
	return s, o, identity
}

func TestOpenReturnsWhatWasSealed(t *testing.T) {
	sealer, opener, _ := pair(t)
	for name, creds := range map[string]tracker.Credentials{
		"nothing": {}, "keys": {AccessKeyID: "a", SecretAccessKey: "b"}, "server": {Server: true}, "everything": full,
	} {
		sealed, err := sealer.Seal(creds, job)
		if err != nil {
			t.Fatal(name, err)
		}
		again, err := sealer.Seal(creds, job)
		if err != nil || bytes.Equal(sealed, again) {
			t.Errorf("%s: sealed twice to the same bytes, %v", name, err)
		}
		if bytes.Contains(sealed, []byte(marker)) {
			t.Errorf("%s: readable when sealed", name)
		}
		got, err := opener.Open(sealed, job)
		if err != nil || got != creds {
			t.Errorf("%s: opened to something else, %v", name, err)
		}
	}
}

func TestOpenForSomethingElse(t *testing.T) {
	sealer, opener, _ := pair(t)
	sealed, err := sealer.Seal(full, job)
	if err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string][]tracker.SealedFor{
		"nothing":        nil,
		"nobody's":       {{}},
		"another tenant": {{Tenant: "b", Kind: tracker.SealJob, ID: "1"}},
		"another kind":   {{Tenant: "a", Kind: tracker.SealPlan, ID: "1"}},
		"another job":    {{Tenant: "a", Kind: tracker.SealJob, ID: "2"}},
		"others":         {{Tenant: "a", Kind: tracker.SealSchedule, ID: "1"}, {Tenant: "a", Kind: tracker.SealJob, ID: ""}},
		"moved borders":  {{Tenant: "a\",\"w", Kind: "job", ID: "1"}},
	} {
		if got, err := opener.Open(sealed, of...); !errors.Is(err, ErrOther) || got != (tracker.Credentials{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := opener.Open(sealed, tracker.SealedFor{Tenant: "a", Kind: tracker.SealSchedule, ID: "1"}, job); err != nil || got != full {
		t.Errorf("one of two: %v", err)
	}
}

func TestRotation(t *testing.T) {
	oldSealer, oldOpener, oldIdentity := pair(t)
	newSealer, _, newIdentity := pair(t)
	both, err := NewOpener(" " + newIdentity + " ,\n" + oldIdentity + ",")
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Sealer{"old": oldSealer, "new": newSealer} {
		sealed, err := s.Seal(full, job)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := both.Open(sealed, job); err != nil || got != full {
			t.Errorf("%s: %v", name, err)
		}
	}
	sealed, err := newSealer.Seal(full, job)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := oldOpener.Open(sealed, job); !errors.Is(err, ErrWrongKey) {
		t.Errorf("wrong key: %v", err)
	}
	if both.Recipient() != newSealer.Recipient() {
		t.Errorf("seals to %s", both.Recipient())
	}
}

func TestKeysThatAreNone(t *testing.T) {
	recipient, identity, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	sealer := func(s string) error { _, err := NewSealer(s); return err }
	opener := func(s string) error { _, err := NewOpener(s); return err }
	for _, tt := range []struct {
		name  string
		parse func(string) error
		key   string
		want  string
	}{
		{"no recipient", sealer, " ", "is empty"},
		{"identity as recipient", sealer, identity, "is an identity"},
		{"identity in lower case as recipient", sealer, strings.ToLower(identity), "is an identity"},
		{"cut recipient", sealer, recipient[:40], "is no recipient"},
		{"no identity", opener, " , ", "is empty"},
		{"recipient as identity", opener, recipient, "is a recipient"},
		{"one of two", opener, identity + "," + recipient, "is a recipient"},
		{"cut identity", opener, identity[:40], "is no identity"},
		{"something else", opener, "ssh-ed25519 AAAA", "is no identity"},
	} {
		err := tt.parse(tt.key)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if strings.Contains(strings.ToUpper(err.Error()), strings.ToUpper(identity[16:30])) {
			t.Errorf("%s: the error repeats the key", tt.name)
		}
	}
}

func TestOpenerPrintsMasked(t *testing.T) {
	_, opener, identity := pair(t)
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("made", "opener", opener)
	printed := fmt.Sprintf("%v %+v %#v %s", opener, opener, opener, opener) + log.String()
	if strings.Contains(printed, identity) || !strings.Contains(printed, mask) {
		t.Error(printed)
	}
	if b, err := json.Marshal(opener); err == nil {
		t.Errorf("encoded as %s", b)
	}
}

func TestDamage(t *testing.T) {
	sealer, opener, _ := pair(t)
	sealed, err := sealer.Seal(full, job)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		damaged := bytes.Clone(sealed)
		damaged[i] ^= 1
		got, err := opener.Open(damaged, job)
		if err == nil || got != (tracker.Credentials{}) {
			t.Fatalf("byte %d changed: opened", i)
		}
		if strings.Contains(err.Error(), marker) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	recipient, identity, err := NewKey()
	if err != nil {
		f.Fatal(err)
	}
	sealer, _ := NewSealer(recipient)
	opener, _ := NewOpener(identity)
	sealed, err := sealer.Seal(full, job)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed)
	f.Add([]byte("age-encryption.org/v1\n-> X25519 x\n"))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := opener.Open(b, job); err == nil && got != full {
			t.Errorf("opened %q", b)
		}
	})
}
