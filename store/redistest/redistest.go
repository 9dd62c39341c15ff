// Package redistest starts a real redis-server for a test.
package redistest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Server is a redis-server of a test's own, on a unix socket.
type Server struct {
	Socket string
	dir    string
	cmd    *exec.Cmd
}

// Start starts a server that stops with the test. It fails the test when there is
// no redis-server: a test on a real part is not skipped.
func Start(t testing.TB) *Server {
	t.Helper()
	//nolint:usetesting // t.TempDir is too long for a unix socket, which has 107 bytes
	dir, err := os.MkdirTemp("", "redistest")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Socket: filepath.Join(dir, "redis.sock"), dir: dir}
	t.Cleanup(func() {
		s.Kill(t)
		_ = os.RemoveAll(dir)
	})
	s.Run(t)
	return s
}

// Run starts the server's process, on the data that an earlier one left.
func (s *Server) Run(t testing.TB) {
	t.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is not installed: apt-get install redis-server")
	}
	// The process outlives t.Context, which ends before cleanups run.
	s.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), bin, "--port", "0", "--unixsocket", s.Socket, "--dir", s.dir,
		"--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--loglevel", "warning")
	s.cmd.Stderr = os.Stderr
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	rdb := s.Client(t)
	for deadline := time.Now().Add(20 * time.Second); rdb.Ping(t.Context()).Err() != nil; {
		if time.Now().After(deadline) {
			t.Fatal("redis-server did not come up")
		}
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Kill ends the server's process as kill -9 does.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	if s.cmd == nil {
		return
	}
	if err := s.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = s.cmd.Wait() // it was killed: that is no news
	s.cmd = nil
}

// Client returns a client that closes with the test.
func (s *Server) Client(t testing.TB) redis.UniversalClient {
	t.Helper()
	rdb := redis.NewClient(&redis.Options{
		Network: "unix", Addr: s.Socket, PoolSize: 100, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}
