//go:build unix

package embedded

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"
)

const helper = "EMBEDDED_TEST_HELPER"

// TestMain is also the program that TestKilledOwnerTakesItsChildAlong kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(helper); dir != "" {
		own(dir)
	}
	goleak.VerifyTestMain(m)
}

// own starts a Redis in dir, writes into it, says so, and waits to be killed.
func own(dir string) {
	s, err := Start(context.Background(), dir, nil)
	if err == nil {
		err = s.Client().Set(context.Background(), "by", "the killed one", 0).Err()
	}
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	pid, err := serverPID(s)
	fmt.Println("ready", pid, err)
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(2)
}

func serverPID(s *Server) (int, error) {
	info, err := s.Client().Info(context.Background(), "server").Result()
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(info, "process_id:")
	pid, _, _ := strings.Cut(rest, "\r\n")
	return strconv.Atoi(pid)
}

func needRedis(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is not on PATH: install it, such as with apt-get install redis-server")
	}
}

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// await waits for something that another process or the clock brings about.
func await(t *testing.T, what string, met func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := time.After(20 * time.Second); !met(); {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s did not come about", what)
		}
	}
}

func TestDataSurvivesARestart(t *testing.T) {
	needRedis(t)
	for name, dir := range map[string]string{
		"plain":             t.TempDir(),
		"made":              filepath.Join(t.TempDir(), "a", "b"),
		"awkward":           filepath.Join(t.TempDir(), `quo"te back\slash ü`),
		"long for a socket": filepath.Join(t.TempDir(), strings.Repeat("long/", 30)),
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, dir)
			if err := s.Client().Set(t.Context(), "k", "v", time.Hour).Err(); err != nil {
				t.Fatal(err)
			}
			if !s.Persistent() || !strings.Contains(s.Describe(), dir) {
				t.Error(s.Describe())
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-s.Done():
			default:
				t.Error("closed but not done")
			}
			again := start(t, dir)
			if v, err := again.Client().Get(t.Context(), "k").Result(); v != "v" || err != nil {
				t.Errorf("%q, %v", v, err)
			}
		})
	}
}

func TestChildIsPrivateAndKeepsEverything(t *testing.T) {
	needRedis(t)
	dir := t.TempDir()
	s := start(t, dir)
	for _, setting := range []string{"port 0", "maxmemory-policy noeviction", "appendonly yes", "appendfsync everysec"} {
		name, want, _ := strings.Cut(setting, " ")
		if got := s.Client().ConfigGet(t.Context(), name).Val()[name]; got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "redis.sock"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket %v, %v", info, err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&0o077 != 0 && !strings.Contains(dir, os.TempDir()) {
		t.Errorf("directory %v, %v", info, err)
	}
	// Ctrl-C goes to the process group of the terminal, which the child is not in.
	pid, err := serverPID(s)
	if err != nil {
		t.Fatal(err)
	}
	if group, err := syscall.Getpgid(pid); err != nil || group != pid {
		t.Errorf("group %d of process %d, %v", group, pid, err)
	}
}

func TestKilledOwnerTakesItsChildAlong(t *testing.T) {
	needRedis(t)
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), helper+"="+dir)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	var pid int
	if _, err := fmt.Sscanf(line, "ready %d", &pid); err != nil {
		t.Fatalf("%q", line)
	}
	// A second process on the directory learns which process has it.
	if _, err := Start(t.Context(), dir, nil); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("in use by process %d", cmd.Process.Pid)) {
		t.Errorf("a second owner: %v", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()

	s := start(t, dir) // waits for the orphan to let go
	if v, err := s.Client().Get(t.Context(), "by").Result(); v != "the killed one" || err != nil {
		t.Errorf("%q, %v", v, err)
	}
	await(t, "the end of the child", func() bool { return !running(pid) })
}

// running tells a process from a zombie, which only waits for its parent.
func running(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return alive(pid) && !os.IsNotExist(err)
	}
	_, state, _ := bytes.Cut(stat, []byte(") "))
	return !bytes.HasPrefix(state, []byte("Z"))
}

func TestDirectoryInUse(t *testing.T) {
	needRedis(t)
	dir := t.TempDir()
	first := start(t, dir)
	_, err := Start(t.Context(), dir, nil)
	if err == nil || !strings.Contains(err.Error(), "in use by process "+strconv.Itoa(os.Getpid())) || !strings.Contains(err.Error(), "DATA_DIR") {
		t.Errorf("got %v", err)
	}
	if err := first.Client().Ping(t.Context()).Err(); err != nil {
		t.Errorf("the first suffers: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestDoneWhenTheChildDies(t *testing.T) {
	needRedis(t)
	var log locked
	s, err := Start(t.Context(), t.TempDir(), slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pid, err := serverPID(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
	if !strings.Contains(log.String(), "ended by itself") {
		t.Errorf("log %q", log.String())
	}
}

func TestServerThatDoesNotStart(t *testing.T) {
	bin := t.TempDir()
	script := "#!/bin/sh\ncat >/dev/null\necho '*** FATAL CONFIG FILE ERROR ***'\nexit 1\n"
	if err := os.WriteFile(filepath.Join(bin, "valkey-server"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":/bin")
	if _, err := exec.LookPath("redis-server"); err == nil {
		t.Setenv("PATH", bin)
	}
	_, err := Start(t.Context(), t.TempDir(), nil)
	if err == nil || !strings.Contains(err.Error(), "valkey-server") || !strings.Contains(err.Error(), "FATAL CONFIG FILE ERROR") {
		t.Errorf("got %v", err)
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	needRedis(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if s, err := Start(ctx, t.TempDir(), nil); err == nil {
		_ = s.Close()
		t.Error("started")
	}
}

func TestWithoutAServerTheDataIsInMemory(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	s := start(t, t.TempDir())
	if s.Persistent() || !strings.Contains(s.Describe(), "do not survive") {
		t.Error(s.Describe())
	}
	if err := s.Client().Set(t.Context(), "k", "v", time.Second).Err(); err != nil {
		t.Fatal(err)
	}
	await(t, "expiry", func() bool { return s.Client().Exists(t.Context(), "k").Val() == 0 })

	stranger := redis.NewClient(&redis.Options{Addr: s.Client().(*redis.Client).Options().Addr, DisableIdentity: true})
	defer stranger.Close()
	if err := stranger.Get(t.Context(), "k").Err(); err == nil || !strings.Contains(err.Error(), "NOAUTH") {
		t.Errorf("a stranger gets %v", err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// locked is a buffer that a logger and a test share.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
