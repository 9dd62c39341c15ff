// Package lake writes a history out as Parquet, for what asks more of it than one database answers, and reads in
// what AWS says it billed.
package lake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// Files are those of a folder, or of a prefix of a bucket. Their names have slashes and are relative to it.
type Files interface {
	// Write makes a file of what f writes: whole, or not at all. A file of that name is replaced.
	Write(ctx context.Context, name string, f func(io.Writer) error) error
	// List calls f with every file. Its mark is another when the file is.
	List(ctx context.Context, f func(name string, size int64, mark string) error) error
	// Open opens a file to be read. One that is replaced meanwhile cannot be read on.
	Open(ctx context.Context, name string, size int64, mark string) (interface {
		io.ReaderAt
		io.Closer
	}, error)
}

// Folder is a folder of this machine.
type Folder string

// Write implements Files.
func (d Folder) Write(ctx context.Context, name string, f func(io.Writer) error) (err error) {
	path := filepath.Join(string(d), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	// What begins with a dot, readers of a lake leave out.
	file, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	err = f(file)
	if err == nil {
		err = errors.Join(ctx.Err(), file.Chmod(0o640), file.Sync())
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// List implements Files.
func (d Folder) List(ctx context.Context, f func(name string, size int64, mark string) error) error {
	return filepath.WalkDir(string(d), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return errors.Join(err, ctx.Err())
		}
		info, err := os.Stat(path) // of what a link leads to
		if err != nil {
			return err
		}
		name, err := filepath.Rel(string(d), path)
		if err != nil || info.IsDir() {
			return err
		}
		return f(filepath.ToSlash(name), info.Size(), strconv.FormatInt(info.ModTime().UnixNano(), 36))
	})
}

// Open implements Files.
func (d Folder) Open(_ context.Context, name string, size int64, _ string) (interface {
	io.ReaderAt
	io.Closer
}, error,
) {
	file, err := os.Open(filepath.Join(string(d), filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || info.Size() != size {
		return nil, errors.Join(fmt.Errorf("%s was replaced", name), err, file.Close())
	}
	return file, nil
}
