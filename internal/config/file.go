package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/joho/godotenv"
)

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
