//go:build unix

package local

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Commands that use the service of another one hold a lock together, which its process
// takes alone before it ends. A lock ends with its process, however that ends.

// enter takes part in the lock, and reports whether the service is not about to end.
func enter(dir string) (leave func(), ok bool) {
	f, err := os.OpenFile(filepath.Join(dir, "users"), os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // in the person's folder
	if err != nil {
		return nil, false
	}
	leave = func() { _ = f.Close() }
	if syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil {
		leave()
		return nil, false
	}
	return leave, true
}

// alone waits until no other command uses the service, or ctx ends.
func alone(ctx context.Context, dir string, note func(string, ...any)) (free func()) {
	f, err := os.OpenFile(filepath.Join(dir, "users"), os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // as above
	if err != nil {
		return func() {}
	}
	free = func() { _ = f.Close() }
	for told := false; syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil; told = true {
		if !told {
			note("another tracker is using this one, which waits for it to end; Ctrl-C does not wait")
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return free
		}
	}
	return free
}
