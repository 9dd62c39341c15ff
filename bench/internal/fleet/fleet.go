// Package fleet runs several APIs and workers on one Redis of any kind, of one version or
// of two, so that each of them can be killed or replaced while there is work.
package fleet

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"slices"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/internal/sealing"
)

// Options describe a fleet.
type Options struct {
	Bin           string // the folder of the programs
	Redis         string // its kind
	APIs, Workers int
	Env           []string // further settings of all programs, as NAME=value
}

// Fleet is the running service.
type Fleet struct {
	Redis   *Redis
	APIs    []*Process
	Workers []*Process
	Caller  *Caller
	dir     string
}

// Start starts a fleet and waits until it answers. Stop ends it.
func Start(ctx context.Context, o Options) (*Fleet, error) {
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		return nil, err
	}
	f := &Fleet{dir: dir, Caller: &Caller{Key: rand.Text()}}
	if err := f.start(ctx, o); err != nil {
		f.Stop()
		return nil, err
	}
	return f, nil
}

func (f *Fleet) start(ctx context.Context, o Options) (err error) {
	if f.Redis, err = startRedis(ctx, f.dir, o.Redis); err != nil {
		return err
	}
	recipient, identity, err := sealing.NewKey()
	if err != nil {
		return err
	}
	env := append([]string{"REDIS_URL=" + f.Redis.URL, "LOG_LEVEL=warn", "AWS_EC2_METADATA_DISABLED=true", "QUEUE_POLL_MS=50"}, o.Env...)
	for i := range o.APIs {
		free, err := lab.FreePort(ctx)
		if err != nil {
			return err
		}
		f.Caller.URLs = append(f.Caller.URLs, "http://127.0.0.1:"+free)
		f.APIs = append(f.APIs, &Process{
			Bin: o.Bin, name: fmt.Sprint("api-", i), dir: f.dir, program: "api",
			env: slices.Concat(env, []string{"PORT=" + free, "OPERATOR_API_KEYS=" + f.Caller.Key, "VALID_API_KEYS=" + rand.Text(), "CREDENTIALS_RECIPIENT=" + recipient}),
		})
	}
	for i := range o.Workers {
		f.Workers = append(f.Workers, &Process{
			Bin: o.Bin, name: fmt.Sprint("worker-", i), dir: f.dir, program: "worker",
			env: slices.Concat(env, []string{"CREDENTIALS_IDENTITY=" + identity}),
		})
	}
	for _, p := range slices.Concat(f.APIs, f.Workers) {
		if err := p.Start(); err != nil {
			return err
		}
	}
	return f.Ready(ctx)
}

// Ready waits until each API finds Redis and a worker.
func (f *Fleet) Ready(ctx context.Context) error {
	for i, url := range f.Caller.URLs {
		alone := &Caller{URLs: []string{url}, Key: f.Caller.Key}
		err := lab.Until(ctx, fmt.Sprintf("API %d is ready", i), func() bool {
			status, _, err := alone.once(ctx, http.MethodGet, "/ready", "", nil)
			return err == nil && status == http.StatusOK
		})
		if err != nil {
			return fmt.Errorf("%w: %s", err, f.APIs[i].Log())
		}
	}
	return nil
}

// Stop ends all processes and deletes the files that they left.
func (f *Fleet) Stop() {
	for _, p := range slices.Concat(f.Workers, f.APIs) {
		p.Kill()
	}
	if f.Redis != nil {
		f.Redis.stop()
	}
	_ = os.RemoveAll(f.dir)
}
