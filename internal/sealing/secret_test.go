package sealing_test

import (
	"errors"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/sealing"
)

func TestSecrets_AreBoundToWhatTheyAreFor(t *testing.T) {
	recipient, identity, err := sealing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := sealing.NewSealer(recipient)
	if err != nil {
		t.Fatal(err)
	}
	o, err := sealing.NewOpener(identity)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := s.SealSecret("webhook a of alice", []byte("hush"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.OpenSecret("webhook a of alice", sealed); err != nil || string(got) != "hush" {
		t.Errorf("opened %q, %v", got, err)
	}
	if got, err := o.OpenSecret("webhook b of bob", sealed); err == nil {
		t.Errorf("opened %q for another", got)
	}
	_, other, err := sealing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := sealing.NewOpener(other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.OpenSecret("webhook a of alice", sealed); !errors.Is(err, sealing.ErrWrongKey) {
		t.Errorf("a stranger gets %v", err)
	}
	if _, err := o.OpenSecret("webhook a of alice", []byte("hush")); err == nil {
		t.Error("what is not sealed was opened")
	}
}
