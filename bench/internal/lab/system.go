// Package lab runs the real programs on a real redis-server, for measurements
// and for chaos.
package lab

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/internal/sealing"
)

// Unlimited is an AWS_CALL_LIMITS without limits, for measurements on a
// simulator without limits.
var Unlimited = strings.Join([]string{
	"*=10000", "ec2:*=10000", "elasticloadbalancing:*=10000", "logs:DescribeLogGroups=10000", "lambda:*=10000",
	"iam:*=10000", "s3:*=10000", "cloudwatch:*=10000", "cloudwatch:GetMetricData=10000", "tag:GetResources=10000", "sts:*=10000",
}, ",")

// Options describe a system.
type Options struct {
	// Bin is the folder of the programs api and worker.
	Bin     string
	Workers int
	// Masters is how many redis-servers make a cluster; 0 is one without.
	Masters int
	// Account holds the simulated account's options, as simulator.FromJSON reads
	// them. Nil: workers call the AWS that Env names.
	Account map[string]any
	// Env holds further settings of API and workers, as NAME=value.
	Env []string
}

// System is the running service: a Redis, an API, and workers.
type System struct {
	Redis   *Process   // the first of Masters
	Masters []*Process // one, where there is no cluster
	API     *Process
	Workers []*Process
	Client  *Client
	RDB     redis.UniversalClient
	dir     string
}

// Start starts a system and waits until it answers. Stop ends it.
func Start(ctx context.Context, o Options) (*System, error) {
	dir, err := os.MkdirTemp("", "lab")
	if err != nil {
		return nil, err
	}
	var demo []string
	if o.Account != nil {
		account, err := json.Marshal(o.Account)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(dir, "account.json")
		if err := os.WriteFile(file, account, 0o600); err != nil {
			return nil, err
		}
		demo = []string{"-demo-options", file}
	}
	servers, err := startRedis(ctx, dir, o.Masters)
	if err != nil {
		return nil, err
	}
	recipient, identity, err := sealing.NewKey()
	if err != nil {
		return nil, err
	}
	port, err := FreePort(ctx)
	if err != nil {
		return nil, err
	}
	key := rand.Text()
	env := slices.Concat(os.Environ(), []string{"REDIS_URL=" + servers.url, "LOG_LEVEL=error", "AWS_EC2_METADATA_DISABLED=true"}, o.Env)
	s := &System{
		dir: dir, Redis: servers.masters[0], Masters: servers.masters, RDB: servers.client,
		API: Keep(dir, "api", slices.Concat(env, []string{"PORT=" + port, "VALID_API_KEYS=" + key, "CREDENTIALS_RECIPIENT=" + recipient}),
			filepath.Join(o.Bin, "api")),
		Client: &Client{URL: "http://127.0.0.1:" + port, Key: key},
	}
	for i := range o.Workers {
		s.Workers = append(s.Workers, Keep(dir, fmt.Sprint("worker-", i), slices.Concat(env, []string{"CREDENTIALS_IDENTITY=" + identity}),
			filepath.Join(o.Bin, "worker"), demo...))
	}
	return s, s.Client.Ready(ctx)
}

// Stop ends all processes and deletes the files that they left.
func (s *System) Stop() {
	for _, p := range slices.Concat(s.Workers, []*Process{s.API}, s.Masters) {
		p.End()
	}
	_ = s.RDB.Close()
	_ = os.RemoveAll(s.dir)
}

// FreePort returns a port that nothing listens on.
func FreePort(ctx context.Context) (string, error) {
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
