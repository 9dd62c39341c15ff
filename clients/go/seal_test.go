package client

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/internal/sealing"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestSealCredentials has workers open what the client has sealed.
func TestSealCredentials(t *testing.T) {
	recipient, identity, err := sealing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/credentials-key" {
			fmt.Fprintf(w, `{"success":true,"recipient":%q,"tenant":"acme","expires_at":%q,"seconds":600}`, recipient, time.Now().Add(time.Minute).Format(time.RFC3339))
		}
	}))
	defer server.Close()
	c, err := New(server.URL, "key")
	if err != nil {
		t.Fatal(err)
	}
	keys := Keys{AccessKeyID: "AKIA", SecretAccessKey: "secret/+=", SessionToken: "token"}
	sealed, err := c.SealCredentials(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := sealing.NewSealer(recipient)
	if err != nil {
		t.Fatal(err)
	}
	of := tracker.SealedFor{Tenant: "acme", Kind: tracker.SealJob, ID: "1"}
	outer, err := sealer.Seal(tracker.Credentials{Sealed: sealed}, of)
	if err != nil {
		t.Fatal(err)
	}
	opener, err := sealing.NewOpener(identity)
	if err != nil {
		t.Fatal(err)
	}
	got, err := opener.Open(outer, of)
	want := tracker.Credentials{AccessKeyID: "AKIA", SecretAccessKey: "secret/+=", SessionToken: "token"}
	if err != nil || got != want {
		t.Errorf("opened to something else: %v", err)
	}
	if text := fmt.Sprintf("%v %+v %#v", keys, keys, keys); text != "[keys] [keys] [keys]" {
		t.Error(text)
	}
}

func TestSeal_ToNoKey(t *testing.T) {
	if _, err := Seal(Keys{}, "age1x", "acme", time.Now()); err == nil {
		t.Error("sealed")
	}
}
