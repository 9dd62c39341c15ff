package service

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOwnSecretsSurviveARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	key, err := ownKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	recipient, identity, err := ownIdentity(dir)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ownKey(dir); err != nil || again != key {
		t.Errorf("another key after a restart: %v", err)
	}
	if r, i, err := ownIdentity(dir); err != nil || r != recipient || i != identity {
		t.Errorf("another identity after a restart: %v", err)
	}
	for _, name := range []string{ownKeyFile, ownIdentityFile} {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		if err := os.WriteFile(path, []byte("short\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ownKey(dir); err == nil {
		t.Error("a key that is none")
	}
	if _, _, err := ownIdentity(dir); err == nil {
		t.Error("an identity that is none")
	}
}
