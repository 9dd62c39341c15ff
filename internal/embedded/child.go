//go:build unix

package embedded

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/internal/redisurl"
)

const (
	// maxSocketPath is the length that sun_path of the smallest system holds,
	// with its zero.
	maxSocketPath = 103
	// shutdownTime is how long the child may take to write its data.
	shutdownTime = 20 * time.Second
	// orphanTime is how long to wait for the child of a process that died.
	orphanTime = 15 * time.Second
)

// child is a redis-server that belongs to this process.
type child struct {
	cmd     *exec.Cmd
	lines   *tail
	exited  chan struct{}
	closing atomic.Bool
}

func startChild(ctx context.Context, path, dir string, log *slog.Logger) (_ *Server, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	lock, err := takeLock(ctx, dir)
	if err != nil {
		return nil, err
	}
	// The child holds the lock too, through a copy of the file, until its end.
	defer lock.Close()

	socket, removeSocket, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(path)
	c := &child{cmd: exec.Command(path, "-"), lines: &tail{log: log}, exited: make(chan struct{})} //nolint:noctx // it outlives ctx, which bounds the start only
	c.cmd.Dir = dir
	c.cmd.Stdin = strings.NewReader(settings(dir, socket))
	c.cmd.Stdout, c.cmd.Stderr = c.lines, c.lines
	c.cmd.ExtraFiles = []*os.File{lock}
	c.cmd.SysProcAttr = processAttributes()
	if err := c.start(); err != nil {
		removeSocket()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	o := &redis.Options{Network: "unix", Addr: socket, PoolSize: poolSize}
	redisurl.Prepare(o)
	s := &Server{
		client:   redis.NewClient(o),
		describe: fmt.Sprintf("a private %s, which keeps its data in %s: results survive a restart", name, dir),
		dataDir:  dir,
		done:     make(chan struct{}),
		stop:     c.stop,
	}
	go func() {
		defer close(s.done)
		<-c.exited
		removeSocket()
		if !c.closing.Load() {
			log.Error("the private Redis ended by itself", "program", name, "said", c.lines.String())
		}
	}()
	if err := c.ready(ctx, socket, s.client); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("start %s on %s: %w", name, dir, err)
	}
	return s, nil
}

// settings is the child's configuration. It has no port, only a socket that no
// other user can open. All data is written within a second. Nothing is ever
// evicted, because an evicted key would be a lost job.
func settings(dir, socket string) string {
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	return `port 0
unixsocket "` + quote.Replace(socket) + `"
unixsocketperm 600
dir "` + quote.Replace(dir) + `"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
databases 1
daemonize no
loglevel notice
`
}

// start starts the child and a goroutine that owns it until its end. The kernel
// ends the child when the thread that started it exits, not only when the
// process does: the goroutine keeps that thread.
func (c *child) start() error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(c.exited)
		err := c.cmd.Start()
		started <- err
		if err == nil {
			_ = c.cmd.Wait()
		}
	}()
	return <-started
}

// ready waits until the child answers. The child may take long to read much data
// back, so the wait ends only with the child or with the context.
func (c *child) ready(ctx context.Context, socket string, client redis.UniversalClient) error {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		// A client that dials before there is a socket complains and backs off.
		if _, err := os.Stat(socket); err == nil && client.Ping(ctx).Err() == nil {
			return nil
		}
		select {
		case <-ticker.C:
		case <-c.exited:
			return fmt.Errorf("it ended at once: %s", cmp.Or(c.lines.String(), c.cmd.ProcessState.String()))
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// stop asks the child to write its data and end, and waits for its end.
func (c *child) stop() error {
	c.closing.Store(true)
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	timer := time.NewTimer(shutdownTime)
	defer timer.Stop()
	select {
	case <-c.exited:
		return nil
	case <-timer.C:
		_ = c.cmd.Process.Kill()
		<-c.exited
		return fmt.Errorf("the private Redis did not end within %s and was killed", shutdownTime)
	}
}

// takeLock makes the process the only user of dir. The child shares the lock.
// When the process is killed, nobody else gets the lock before the child has
// ended.
func takeLock(ctx context.Context, dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for start := time.Now(); ; {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			if err := note(f); err != nil {
				f.Close()
				return nil, err
			}
			return f, nil
		}
		pid := owner(f)
		switch {
		case !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR):
			f.Close()
			return nil, fmt.Errorf("lock the data directory %s: %w", dir, err)
		case pid != 0 && alive(pid) || time.Since(start) > orphanTime:
			f.Close()
			return nil, &InUse{dir, pid}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		}
	}
}

// lockFolder makes the process the only user of dir until it unlocks it or ends.
func lockFolder(ctx context.Context, dir string) (unlock func(), err error) {
	f, err := takeLock(ctx, dir)
	if err != nil {
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}

// note writes down which process has the lock.
func note(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("lock the data directory: %w", err)
	}
	if _, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0); err != nil {
		return fmt.Errorf("lock the data directory: %w", err)
	}
	return nil
}

func owner(f *os.File) int {
	text, _ := io.ReadAll(io.NewSectionReader(f, 0, 32))
	pid, _ := strconv.Atoi(string(bytes.TrimSpace(text)))
	return pid
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// socketPath returns where the socket goes: into dir, or into a folder of its
// own where that path is too long for a socket. remove removes that folder.
func socketPath(dir string) (path string, remove func(), err error) {
	path = filepath.Join(dir, "redis.sock")
	if len(path) <= maxSocketPath {
		_ = os.Remove(path) // left by a child that was killed: its owner holds the lock no more
		return path, func() { _ = os.Remove(path) }, nil
	}
	folder, err := os.MkdirTemp("/tmp", "resource-tracker-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for the socket: %w", err)
	}
	return filepath.Join(folder, "redis.sock"), func() { _ = os.RemoveAll(folder) }, nil
}

// tail passes the child's lines to the log and keeps the last ones.
type tail struct {
	log *slog.Logger

	mu   sync.Mutex
	part []byte
	last []string
}

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.part = append(t.part, b...)
	for {
		line, rest, ok := bytes.Cut(t.part, []byte("\n"))
		if !ok {
			return len(b), nil
		}
		t.part = bytes.Clone(rest)
		text := strings.TrimSpace(string(line))
		if text == "" {
			continue
		}
		t.log.Debug("private Redis", "line", text)
		t.last = append(t.last, text)
		if len(t.last) > 5 {
			t.last = t.last[1:]
		}
	}
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.last, "; ")
}
