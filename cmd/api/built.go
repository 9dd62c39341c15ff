package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// slowBuild is how long a build takes that is worth a word.
const slowBuild = 20 * time.Second

// buildTime is how long "go run" has built this program, as the files tell that it
// leaves until the program ends; 0 for a program that was built before.
func buildTime() time.Duration {
	work := workFolder()
	if work == "" {
		return 0
	}
	return spanOf(work)
}

// workFolder is where "go run" has built this program; empty for one that was built before.
func workFolder() string {
	exe, err := os.Executable()
	if err != nil {
		return ""
	}
	work := filepath.Dir(filepath.Dir(filepath.Dir(exe))) // go-build…/b001/exe/api
	if !strings.HasPrefix(filepath.Base(work), "go-build") {
		return ""
	}
	return work
}

// spanOf is the time between the first and the last change of the files in a folder.
func spanOf(dir string) time.Duration {
	var first, last time.Time
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // a file that has just gone tells nothing
		}
		info, err := d.Info()
		if err != nil {
			return nil //nolint:nilerr // as above
		}
		if at := info.ModTime(); first.IsZero() || at.Before(first) {
			first = at
		}
		if at := info.ModTime(); at.After(last) {
			last = at
		}
		return nil
	})
	return last.Sub(first)
}
