// Package embedded gives the programs their Redis: a client of a configured one,
// or a private one where none is configured. The private one is a redis-server
// or valkey-server child on a unix socket, which keeps its data in a folder.
// Where neither is on PATH, it is miniredis within the process, which keeps
// nothing.
package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/internal/redisurl"
)

// InUse is the error of a folder that another process uses.
type InUse struct {
	Dir string
	PID int
}

func (e *InUse) Error() string {
	return fmt.Sprintf("the data directory %s is in use by process %d: stop that, or set DATA_DIR to another one", e.Dir, e.PID)
}

// poolSize bounds the connections to the private Redis; they are made as needed.
const poolSize = 512

// programs are the servers that can be the child, in order of preference.
var programs = []string{"redis-server", "valkey-server"}

// Server is a running private Redis.
type Server struct {
	client   redis.UniversalClient
	describe string
	dataDir  string // empty when nothing is kept
	done     chan struct{}
	before   func() error // what is done before its end; nil is nothing
	stop     func() error
	once     sync.Once
	closeErr error
}

// Start starts a private Redis and waits until it answers. Its data is in dir
// and survives a restart. One process at a time may use a dir. The caller closes
// the Server. When the caller dies without that, the child ends by itself. A nil
// log discards what the child says.
func Start(ctx context.Context, dir string, log *slog.Logger) (*Server, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return startChild(ctx, path, dir, log)
		}
	}
	return startMini()
}

// StartKept is Start for a program that ends soon and well: where no server is on PATH,
// the data is written to dir at the end, and read from there at the next start.
func StartKept(ctx context.Context, dir string, log *slog.Logger) (*Server, error) {
	s, err := Start(ctx, dir, log)
	if err != nil || s.Persistent() {
		return s, err
	}
	if err := s.kept(ctx, dir); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Client returns the client of the Redis, which belongs to the Server.
func (s *Server) Client() redis.UniversalClient { return s.client }

// Persistent reports whether the data survives a restart.
func (s *Server) Persistent() bool { return s.dataDir != "" }

// Describe says in a line what the Redis is and where its data is kept.
func (s *Server) Describe() string { return s.describe }

// Done is closed when the Redis has ended, by Close or by itself.
func (s *Server) Done() <-chan struct{} { return s.done }

// Close stops the Redis and waits for its end. The Redis writes down all its
// data first. Calling Close again does nothing.
func (s *Server) Close() error {
	s.once.Do(func() {
		if s.before != nil {
			s.closeErr = s.before()
		}
		_ = s.client.Close()
		s.closeErr = errors.Join(s.closeErr, s.stop())
		<-s.done
	})
	return s.closeErr
}

// startMini starts miniredis. Any process of the machine can reach its port, so
// it asks for a password that only this process has.
func startMini() (*Server, error) {
	m := miniredis.NewMiniRedis()
	password := rand.Text()
	m.RequireAuth(password)
	if err := m.Start(); err != nil {
		return nil, fmt.Errorf("start the in-memory Redis: %w", err)
	}
	o := &redis.Options{Addr: m.Addr(), Password: password, PoolSize: poolSize}
	redisurl.Prepare(o)
	s := &Server{
		client:   redis.NewClient(o),
		describe: "in memory (neither redis-server nor valkey-server is on PATH): results do not survive a restart",
		done:     make(chan struct{}),
	}
	quit := make(chan struct{})
	go func() {
		defer close(s.done)
		tick(m, quit)
	}()
	s.stop = func() error {
		close(quit)
		<-s.done
		m.Close()
		return nil
	}
	return s, nil
}

// tick lets time pass in miniredis, whose keys would otherwise never expire.
// Each step walks all keys that have a time to live: once a second is enough.
func tick(m *miniredis.Miniredis, quit <-chan struct{}) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for last := time.Now(); ; {
		select {
		case now := <-ticker.C:
			m.FastForward(now.Sub(last))
			last = now
		case <-quit:
			return
		}
	}
}
