package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	mrand "math/rand/v2"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/sealing"
)

// system is the running service: a Redis, an API, and workers.
type system struct {
	redis, api *process
	workers    []*process
	client     *client
	rdb        *redis.Client
}

func start(ctx context.Context, o options, dir, simFile string) (*system, error) {
	socket := filepath.Join(dir, "redis.sock")
	recipient, identity, err := sealing.NewKey()
	if err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	key := rand.Text()
	env := append(os.Environ(), "REDIS_URL=unix://"+socket, "LOG_LEVEL=error", "AWS_CALL_LIMITS=", "AWS_EC2_METADATA_DISABLED=true")
	s := &system{
		redis: keep(dir, "redis", nil, "redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "",
			"--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--loglevel", "warning"),
		api: keep(dir, "api", slices.Concat(env, []string{"PORT=" + port, "VALID_API_KEYS=" + key, "CREDENTIALS_RECIPIENT=" + recipient}),
			filepath.Join(o.bin, "api")),
		rdb:    redis.NewClient(&redis.Options{Network: "unix", Addr: socket}),
		client: &client{url: "http://127.0.0.1:" + port, key: key},
	}
	for i := range o.workers {
		s.workers = append(s.workers, keep(dir, fmt.Sprint("worker-", i), slices.Concat(env, []string{"CREDENTIALS_IDENTITY=" + identity}),
			filepath.Join(o.bin, "worker"), "-demo-options", simFile))
	}
	return s, s.client.ready(ctx)
}

func (s *system) stop() {
	for _, p := range slices.Concat(s.workers, []*process{s.api, s.redis}) {
		p.end()
	}
	_ = s.rdb.Close()
}

func freePort(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "", err
	}
	return port, l.Close()
}

// process is a program that is started again whenever it ends.
type process struct {
	mu      sync.Mutex
	running *os.Process
	ended   bool
	done    sync.WaitGroup
}

// keep runs a program until end. What it prints goes to a file in dir.
func keep(dir, name string, env []string, program string, args ...string) *process {
	p := &process{}
	p.done.Go(func() {
		for p.once(dir, name, env, program, args) {
			time.Sleep(200*time.Millisecond + mrand.N(800*time.Millisecond))
		}
	})
	return p
}

func (p *process) once(dir, name string, env []string, program string, args []string) (again bool) {
	cmd := exec.Command(program, args...) //nolint:gosec,noctx // our own programs, ended by end
	cmd.Env = env
	if out, err := os.OpenFile(filepath.Join(dir, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err == nil {
		defer out.Close()
		cmd.Stdout, cmd.Stderr = out, out
	}
	p.mu.Lock()
	if p.ended {
		p.mu.Unlock()
		return false
	}
	err := cmd.Start()
	if err == nil {
		p.running = cmd.Process
	}
	p.mu.Unlock()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", name, err)
		return true
	}
	_ = cmd.Wait() // it was killed: that is the point
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = nil
	return !p.ended
}

// kill ends the process as kill -9 does; it comes back.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running != nil {
		_ = p.running.Kill()
	}
}

// end ends the process for good.
func (p *process) end() {
	p.mu.Lock()
	p.ended = true
	p.mu.Unlock()
	p.kill()
	p.done.Wait()
}
