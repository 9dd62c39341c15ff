package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ownKeyFile is where the API that brings its own Redis keeps the key that it made.
const ownKeyFile = "api-key"

// ownKey returns the key in the data folder, and makes one at the first start. Only the
// user who runs the program can read it.
func ownKey(dir string) (string, error) {
	path := filepath.Join(dir, ownKeyFile)
	b, err := os.ReadFile(path)
	if err == nil {
		if key := strings.TrimSpace(string(b)); len(key) >= len(rand.Text()) {
			return key, nil
		}
		return "", fmt.Errorf("%s holds no key: delete it, and the next start makes one", path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the API key: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	// O_EXCL: a key that another process has just made must not be replaced.
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("keep the API key: %w", err)
	}
	key := rand.Text()
	_, err = f.WriteString(key + "\n")
	return key, errors.Join(err, f.Close())
}
