// Package local runs the whole service within the process of the command line, for people
// who have no server. What it finds is kept in a folder of the person, so that the next
// command reads it. Commands that run at the same time share the one that began first.
package local

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/embedded"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/service"
)

// folder is what the folders of a person that belong to this program are called.
const folder = "aws-resource-tracker"

const (
	// runningFile says where the service listens that uses a folder.
	runningFile = "running.json"
	logFile     = "log"
	// patience is how long a process may take to begin or to end that uses the folder.
	patience = 20 * time.Second
)

// Options say what to run.
type Options struct {
	Demo   bool // on a simulated AWS account, with data of its own
	Getenv func(string) string
	// Note tells the person something.
	Note func(format string, args ...any)
}

// Server is a running service: of this process, or of another one of the same person.
type Server struct {
	URL, Key string
	// Dir is where the data is.
	Dir string
	// First says that nothing was kept before.
	First bool

	close func(ctx context.Context) error
}

// Close leaves the service, and ends it where it is this process's. It first waits, until
// ctx ends, for other commands that use it.
func (s *Server) Close(ctx context.Context) error { return s.close(ctx) }

// Folder is where data of the person is kept.
func Folder(getenv func(string) string) (string, error) {
	home := getenv("HOME")
	switch {
	case getenv("XDG_DATA_HOME") != "":
		return filepath.Join(getenv("XDG_DATA_HOME"), folder), nil
	case runtime.GOOS == "windows" && getenv("LocalAppData") != "":
		return filepath.Join(getenv("LocalAppData"), folder), nil
	case home == "":
		return "", errors.New("there is no folder to keep results in: set HOME or XDG_DATA_HOME")
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support", folder), nil
	}
	return filepath.Join(home, ".local", "share", folder), nil
}

// Start starts the service, or joins the one that another command has started.
func Start(ctx context.Context, o Options) (*Server, error) {
	dir, err := Folder(o.Getenv)
	if err != nil {
		return nil, err
	}
	if o.Demo {
		dir = filepath.Join(dir, "demo")
	}
	_, err = os.Stat(filepath.Join(dir, "api-key"))
	first := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for results: %w", err)
	}
	for begun := time.Now(); ; {
		s, err := own(ctx, o, dir)
		used, taken := errors.AsType[*embedded.InUse](err)
		if err == nil {
			s.First = first
			return s, nil
		}
		if !taken {
			return nil, err
		}
		if s := join(ctx, dir); s != nil {
			return s, nil
		}
		// It is about to begin, or to end.
		if time.Since(begun) > patience {
			return nil, fmt.Errorf("process %d has the results in %s and does not answer: wait for it to end, or stop it", used.PID, dir)
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// running is where a service listens.
type running struct {
	URL string `json:"url"`
	Key string `json:"key"`
}

// own starts the service in this process.
func own(ctx context.Context, o Options, dir string) (*Server, error) {
	cfg, err := config.Load(settings(o.Getenv, dir), config.API)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, logFile)
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600) //nolint:gosec // in the person's folder
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	log, closeLog, err := parts.Log(cfg, out)
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	// It outlives the command, which may be interrupted, and is ended by Close.
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	end := func() error {
		stop()
		return errors.Join(closeLog(), out.Close())
	}
	svc, err := service.Start(ctx, service.Options{
		Config: cfg, Demo: parts.Demo{On: o.Demo}, Keep: true, Bare: true, Getenv: func(string) string { return "" }, Log: log,
	})
	if err != nil {
		return nil, errors.Join(err, end())
	}
	ended := make(chan error, 1)
	go func() { ended <- svc.Wait(running) }()
	s := &Server{URL: svc.URL, Key: svc.Key, Dir: dir}
	s.close = func(ctx context.Context) error {
		free := alone(ctx, dir, o.Note)
		defer free()
		_ = os.Remove(filepath.Join(dir, runningFile))
		stop()
		return errors.Join(<-ended, end())
	}
	if err := tell(dir, s); err != nil {
		stop()
		return nil, errors.Join(err, <-ended, end())
	}
	return s, nil
}

// tell writes down where the service listens, for other commands of the same person.
func tell(dir string, s *Server) error {
	b, err := json.Marshal(running{s.URL, s.Key})
	if err != nil {
		return err
	}
	path := filepath.Join(dir, runningFile)
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return fmt.Errorf("say where the service listens: %w", err)
	}
	return os.Rename(path+".new", path)
}

// join returns the service that another command runs; nil where it does not answer.
func join(ctx context.Context, dir string) *Server {
	leave, ok := enter(dir)
	if !ok {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(dir, runningFile)) //nolint:gosec // in the person's folder
	var r running
	if err != nil || json.Unmarshal(b, &r) != nil || !answers(ctx, r.URL) {
		leave()
		return nil
	}
	return &Server{URL: r.URL, Key: r.Key, Dir: dir, close: func(context.Context) error { leave(); return nil }}
}

func answers(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/health", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

// kept are settings of the environment that count here too, by how their names begin. All
// others would make it another service: one for others, or with another's Redis.
var kept = []string{"AWS_", "SCAN_", "ACTION_", "PLAN_", "PROTECT_TAGS", "PRICE_REFRESH", "ORGANIZATION_ROLE", "WORKER_", "CELL_", "QUEUE_POLL_MS"}

// settings are those of the service.
func settings(getenv func(string) string, dir string) func(string) string {
	own := map[string]string{
		"HOST": "127.0.0.1", "PORT": "0", "DATA_DIR": dir, "LOG_LEVEL": cmp.Or(getenv("LOG_LEVEL"), "warn"),
		// Nobody but this person uses it.
		"QUOTAS": "address.failures=0", "SHUTDOWN_GRACE_SECONDS": "5",
	}
	return func(name string) string {
		if value, ok := own[name]; ok {
			return value
		}
		for _, prefix := range kept {
			if strings.HasPrefix(name, prefix) {
				return getenv(name)
			}
		}
		return ""
	}
}
