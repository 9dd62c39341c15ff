package service

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/consolesensei/resource-tracker/internal/sealing"
)

// The files of the data folder in which the API that brings its own Redis keeps the
// secrets that it made at its first start.
const (
	ownKeyFile      = "api-key"
	ownIdentityFile = "credentials-identity" // opens what is sealed in that Redis
)

// ownKey returns the API key in the data folder.
func ownKey(dir string) (string, error) {
	return kept(filepath.Join(dir, ownKeyFile), func() (string, error) { return rand.Text(), nil })
}

// ownIdentity returns the identity in the data folder, and the recipient that belongs to it.
func ownIdentity(dir string) (recipient, identity string, err error) {
	identity, err = kept(filepath.Join(dir, ownIdentityFile), func() (string, error) {
		_, identity, err := sealing.NewKey()
		return identity, err
	})
	if err != nil {
		return "", "", err
	}
	o, err := sealing.NewOpener(identity)
	if err != nil {
		return "", "", fmt.Errorf("%s %w: delete it, and the next start makes one", filepath.Join(dir, ownIdentityFile), err)
	}
	return o.Recipient(), identity, nil
}

// kept returns the secret in a file, and makes it at the first start. Only the user who
// runs the program can read it.
func kept(path string, secret func() (string, error)) (string, error) {
	b, err := os.ReadFile(path) //nolint:gosec // in the data folder, which the operator names
	if err == nil {
		if text := strings.TrimSpace(string(b)); len(text) >= len(rand.Text()) {
			return text, nil
		}
		return "", fmt.Errorf("%s holds no secret: delete it, and the next start makes one", path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read what was made at the first start: %w", err)
	}
	text, err := secret()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	// O_EXCL: what another process has just made must not be replaced.
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // as above
	if err != nil {
		return "", fmt.Errorf("keep a secret: %w", err)
	}
	_, err = f.WriteString(text + "\n")
	return text, errors.Join(err, f.Close())
}
