package compose

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// served is the compose file's command of Redis on this machine, and its health check.
type served struct {
	port, said string
	check      string
	env        []string
	done       <-chan error
	process    *os.Process
}

// serve runs the command, at a free port.
func serve(t *testing.T, password string) *served {
	t.Helper()
	env := map[string]string{"REDIS_MAXMEMORY": "64mb"}
	if password != "" {
		env["REDIS_PASSWORD"] = password
	}
	s := load(t, env).Services["redis"]
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &served{port: strconv.Itoa(l.Addr().(*net.TCPAddr).Port), check: s.HealthCheck.Test[1]}
	_ = l.Close()
	script := strings.ReplaceAll(s.Command[2], "$$", "$")
	script = strings.Replace(script, "redis-server - ", "redis-server - --port "+r.port+" --bind 127.0.0.1 ", 1)
	cmd := exec.CommandContext(t.Context(), s.Command[0], s.Command[1], script)
	r.env = []string{"PATH=" + os.Getenv("PATH"), "REDISCLI_AUTH="}
	for k, v := range environment(s) {
		r.env = append(r.env, k+"="+v)
	}
	cmd.Env, cmd.Dir = r.env, t.TempDir()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.process = cmd.Process
	done := make(chan error, 1)
	go func() {
		err := cmd.Wait()
		r.said = out.String()
		done <- err
	}()
	r.done = done
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return r
}

func (r *served) cli(env []string, args ...string) string {
	cmd := exec.Command("redis-cli", append([]string{"-p", r.port}, args...)...)
	cmd.Env = env
	out, _ := cmd.CombinedOutput()
	return strings.TrimSpace(string(out))
}

// healthy runs the health check until it is content.
func (r *served) healthy(t *testing.T) {
	t.Helper()
	script := strings.Replace(r.check, "redis-cli", "redis-cli -p "+r.port, 1)
	for deadline := time.Now().Add(20 * time.Second); ; {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
		cmd.Env = r.env
		if cmd.Run() == nil {
			return
		}
		select {
		case err := <-r.done:
			t.Fatalf("Redis has ended: %v: %s", err, r.said)
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			t.Fatal("Redis is not healthy")
		}
	}
}

// stop ends Redis as Docker does, and says whether it ended well.
func (r *served) stop(t *testing.T) {
	t.Helper()
	if err := r.process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-r.done; err != nil {
		t.Errorf("%v: %s", err, r.said)
	}
}

// TestRedis runs the command on a real Redis: with the password it is as the programs want
// it, without one it lets nobody in.
func TestRedis(t *testing.T) {
	t.Run("password", func(t *testing.T) {
		r := serve(t, "a-password.of_letters~1")
		r.healthy(t)
		for name, want := range map[string]string{"maxmemory": "67108864", "maxmemory-policy": "noeviction", "appendonly": "yes", "appendfsync": "everysec"} {
			if got := r.cli(r.env, "CONFIG", "GET", name); got != name+"\n"+want {
				t.Errorf("%s: %q", name, got)
			}
		}
		if got := r.cli(nil, "PING"); !strings.HasPrefix(got, "NOAUTH") {
			t.Errorf("without the password: %s", got)
		}
		command, err := os.ReadFile("/proc/" + strconv.Itoa(r.process.Pid) + "/cmdline")
		if err != nil || !bytes.HasPrefix(command, []byte("redis-server")) || bytes.Contains(command, []byte("a-password")) {
			t.Errorf("%v: %q", err, command)
		}
		r.stop(t)
	})
	t.Run("no password", func(t *testing.T) {
		r := serve(t, "")
		r.healthy(t)
		for _, env := range [][]string{nil, {"REDISCLI_AUTH=x"}} {
			if got := r.cli(env, "SET", "a", "b"); !strings.Contains(got, "NOAUTH") {
				t.Errorf("%v: %s", env, got)
			}
		}
		r.stop(t)
		if !strings.Contains(r.said, "REDIS_PASSWORD is not set") {
			t.Error(r.said)
		}
	})
	t.Run("password that no URL carries", func(t *testing.T) {
		r := serve(t, "a/password")
		if err := <-r.done; err == nil || !strings.HasPrefix(r.said, "REDIS_PASSWORD has characters") {
			t.Errorf("%v: %s", err, r.said)
		}
	})
}
