package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/joho/godotenv"
)

// ReadFiles adds the settings of files to the environment, which wins where it has one:
// those of the folder that CREDENTIALS_DIRECTORY names, then those of .env in the working
// directory.
func ReadFiles() error {
	if err := readCredentials(os.Getenv("CREDENTIALS_DIRECTORY")); err != nil {
		return err
	}
	return ReadFile(".env")
}

// readCredentials adds the settings that a folder has a file of. Service managers hand
// secrets over in one, which only the program can read: systemd's LoadCredential, the
// secrets of containers. Its error repeats nothing of the files.
func readCredentials(dir string) error {
	if dir == "" {
		return nil
	}
	for _, s := range Settings() {
		if _, given := os.LookupEnv(s.Name); given {
			continue
		}
		value, err := os.ReadFile(filepath.Join(dir, s.Name)) //nolint:gosec // in the folder that the service manager names
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("CREDENTIALS_DIRECTORY: %w", err)
		}
		if err := os.Setenv(s.Name, strings.TrimSpace(string(value))); err != nil {
			return fmt.Errorf("CREDENTIALS_DIRECTORY: %s holds what cannot be a setting", s.Name)
		}
	}
	return nil
}

// ReadFile adds the settings of a file of NAME=value lines to the environment, which wins
// where it has one. A file that there is not adds none. Its error repeats nothing of the
// file, which may hold secrets.
func ReadFile(path string) error {
	values, err := godotenv.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("read %s: %w", path, failed.Err)
	}
	if err != nil {
		return fmt.Errorf("%s holds a line that is not NAME=value, nor a comment", path)
	}
	for name, value := range values {
		if _, given := os.LookupEnv(name); given {
			continue
		}
		if err := os.Setenv(name, value); err != nil {
			return fmt.Errorf("%s: a name in it cannot be that of a setting", path)
		}
	}
	return nil
}
