// Package logins keeps to which servers a person has logged in. Secrets are in the keyring
// of the system, where there is one, else in a file that only the person can read.
package logins

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

const (
	// service is what the keyring knows this program by, and folder what its files are in.
	service = "aws-resource-tracker"
	folder  = "aws-resource-tracker"
	file    = "logins.json"
	// patience is how long a keyring may take, which may ask the person to unlock it.
	patience = 30 * time.Second
)

// Login is a log-in to a server. It prints without its secret.
type Login struct {
	URL    string `json:"url"`
	Who    string `json:"who"`
	Tenant string `json:"tenant"`
	// ExpiresAt is when a session ends at the latest; zero is that of a key, which the
	// server knows.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// Keyring says that the secret is there.
	Keyring bool `json:"keyring,omitempty"`
	// Kept is the secret where there is no keyring.
	Kept string `json:"secret,omitempty"`
}

// Session reports whether the secret is the token of a session, and not a key.
func (l Login) Session() bool { return !l.ExpiresAt.IsZero() }

// String says whose log-in it is.
func (l Login) String() string { return l.Who + " at " + l.URL }

// GoString keeps the secret out of what is printed.
func (l Login) GoString() string { return l.String() }

// Store is where log-ins are kept.
type Store struct {
	path    string
	keyring bool
}

// Open returns the person's store. TRACKER_KEYRING=off leaves the keyring alone.
func Open(getenv func(string) string) (*Store, error) {
	dir, err := configFolder(getenv)
	if err != nil {
		return nil, err
	}
	return &Store{filepath.Join(dir, folder, file), getenv("TRACKER_KEYRING") != "off"}, nil
}

func configFolder(getenv func(string) string) (string, error) {
	home := getenv("HOME")
	switch {
	case getenv("XDG_CONFIG_HOME") != "":
		return getenv("XDG_CONFIG_HOME"), nil
	case runtime.GOOS == "windows" && getenv("AppData") != "":
		return getenv("AppData"), nil
	case home == "":
		return "", errors.New("there is no folder for log-ins: set HOME or XDG_CONFIG_HOME")
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support"), nil
	}
	return filepath.Join(home, ".config"), nil
}

// Path is the file of the log-ins.
func (s *Store) Path() string { return s.path }

// kept is what the file holds: the log-in that counts first.
type kept struct {
	Logins []Login `json:"logins"`
}

// All lists the log-ins. The first is the one that counts where no server is named.
func (s *Store) All() ([]Login, error) {
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the log-ins: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("others can read the log-ins in %s: run `chmod 600 %s`, or log in anew", s.path, s.path)
	}
	b, err := os.ReadFile(s.path)
	if err != nil {
		return nil, fmt.Errorf("read the log-ins: %w", err)
	}
	var k kept
	if err := json.Unmarshal(b, &k); err != nil {
		return nil, fmt.Errorf("the file of the log-ins, %s, is damaged: delete it, and log in anew", s.path)
	}
	return k.Logins, nil
}

// Of returns the log-in to a server; the first where the address is empty.
func (s *Store) Of(url string) (Login, bool, error) {
	all, err := s.All()
	if err != nil || len(all) == 0 {
		return Login{}, false, err
	}
	i := slices.IndexFunc(all, func(l Login) bool { return url == "" || l.URL == Address(url) })
	if i < 0 {
		return Login{}, false, nil
	}
	return all[i], true, nil
}

// Secret returns the secret of a log-in.
func (s *Store) Secret(l Login) (string, error) {
	if !l.Keyring {
		return l.Kept, nil
	}
	var secret string
	err := within(func() (err error) { secret, err = keyring.Get(service, l.URL); return err })
	if err != nil {
		return "", fmt.Errorf("the keyring does not give the log-in to %s (%w): unlock it, or log in anew", l.URL, err)
	}
	return secret, nil
}

// Put keeps a log-in with its secret, as the first.
func (s *Store) Put(l Login, secret string) (Login, error) {
	l.URL = Address(l.URL)
	l.Keyring = s.keyring && within(func() error { return keyring.Set(service, l.URL, secret) }) == nil
	l.Kept = ""
	if !l.Keyring {
		l.Kept = secret
	}
	return l, s.change(func(all []Login) []Login {
		return slices.Insert(slices.DeleteFunc(all, func(o Login) bool { return o.URL == l.URL }), 0, l)
	})
}

// Use makes the log-in to a server the first.
func (s *Store) Use(l Login) error {
	return s.change(func(all []Login) []Login {
		return slices.Insert(slices.DeleteFunc(all, func(o Login) bool { return o.URL == l.URL }), 0, l)
	})
}

// Delete forgets a log-in.
func (s *Store) Delete(l Login) error {
	if l.Keyring {
		if err := within(func() error { return keyring.Delete(service, l.URL) }); err != nil && !errors.Is(err, keyring.ErrNotFound) {
			return fmt.Errorf("the keyring does not forget the log-in to %s: %w", l.URL, err)
		}
	}
	return s.change(func(all []Login) []Login {
		return slices.DeleteFunc(all, func(o Login) bool { return o.URL == l.URL })
	})
}

// change writes the file anew. A file that cannot be read is replaced: log-ins can be made
// again.
func (s *Store) change(how func([]Login) []Login) error {
	all, err := s.All()
	if err != nil {
		all = nil
	}
	b, err := json.MarshalIndent(kept{how(all)}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fmt.Errorf("keep the log-in: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(s.path), file+".*") // which only the person can read
	if err != nil {
		return fmt.Errorf("keep the log-in: %w", err)
	}
	_, err = f.Write(append(b, '\n'))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep the log-in: %w", err), os.Remove(f.Name()))
	}
	return nil
}

// Address is the one form of a server's address.
func Address(url string) string { return strings.TrimRight(url, "/") }

// errSlow is the error of a keyring that does not answer.
var errSlow = errors.New("it does not answer")

// within bounds what a keyring is asked.
func within(ask func() error) error {
	done := make(chan error, 1)
	go func() { done <- ask() }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		return errSlow
	}
}
