package store

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis replicates after it has answered. What it was told last is lost when a replica
// takes its place. Of most that we write the loss does no harm: it is done again. A claim
// that is lost lets a call be sent twice. So the node that a claim is written to is asked
// to wait until a replica has it, on the connection that wrote it: WAIT speaks of what its
// own connection wrote.

const (
	// acknowledgeWithin is how long a replica may take. It is less than the time that the
	// client lets Redis answer.
	acknowledgeWithin = time.Second
	// replicasFor is for how long a node counts as one with replicas after it was seen with
	// one. It is longer than a cluster takes to put a replica in the place of a node that
	// has lost sight of it.
	replicasFor = 5 * time.Minute
	// replicasFresh is for how long what a node says of its replicas is not asked again.
	replicasFresh = 5 * time.Second
	// nodeTries is how often a script is run that its node does not know, or that has
	// to go to another node.
	nodeTries = 3
)

// nodes is what is known of the replicas of nodes, by their addresses.
type nodes struct {
	mu    sync.Mutex
	until map[string]nodeSeen
}

// nodeSeen is until when a node counts as one with replicas, and until when that is not
// asked again.
type nodeSeen struct{ replicated, fresh time.Time }

// acknowledged runs a script that writes. Where the node that it runs on has replicas, ok
// is false when none of them had acknowledged in time what it wrote; the script has run
// nevertheless. A script that the client sends twice has to answer the same twice.
func (s *Store) acknowledged(ctx context.Context, script *redis.Script, keys []string, args ...any) (reply *redis.Cmd, ok bool) {
	for try := 1; ; try++ {
		node, err := s.node(ctx, keys[0])
		if err != nil {
			return failed(ctx, err), false
		}
		replicated, err := s.replicated(ctx, node)
		if err != nil {
			return failed(ctx, err), false
		}
		if !replicated {
			return script.Run(ctx, s.rdb, keys, args...), true
		}
		var heard *redis.Cmd
		_, _ = node.Pipelined(ctx, func(p redis.Pipeliner) error { // each command has its own error
			reply = script.EvalSha(ctx, p, keys, args...)
			heard = p.Do(ctx, "WAIT", 1, acknowledgeWithin.Milliseconds())
			return nil
		})
		switch err := reply.Err(); {
		case err == nil || try == nodeTries:
			n, err := heard.Int()
			return reply, err == nil && n > 0
		case redis.HasErrorPrefix(err, "NOSCRIPT"):
			if err := script.Load(ctx, node).Err(); err != nil {
				return failed(ctx, err), false
			}
		case redis.HasErrorPrefix(err, "MOVED"), redis.HasErrorPrefix(err, "ASK"):
			s.rdb.(*redis.ClusterClient).ReloadState(ctx)
		default:
			return reply, false
		}
	}
}

func failed(ctx context.Context, err error) *redis.Cmd {
	cmd := redis.NewCmd(ctx)
	cmd.SetErr(err)
	return cmd
}

// node is the one that a key is written to.
func (s *Store) node(ctx context.Context, key string) (*redis.Client, error) {
	switch rdb := s.rdb.(type) {
	case *redis.Client:
		return rdb, nil
	case *redis.ClusterClient:
		node, err := rdb.MasterForKey(ctx, key)
		return node, wrap(err, "find the node of %s", key)
	}
	return nil, fmt.Errorf("find the node of %s: a client of another kind: %T", key, s.rdb)
}

var connectedReplicas = regexp.MustCompile(`(?m)^connected_slaves:[1-9]`)

// replicated reports whether a replica may take a node's place.
func (s *Store) replicated(ctx context.Context, node *redis.Client) (bool, error) {
	if s.o.Failover {
		return true, nil
	}
	address, now := node.Options().Addr, time.Now()
	s.nodes.mu.Lock()
	seen := s.nodes.until[address]
	s.nodes.mu.Unlock()
	if now.Before(seen.fresh) {
		return now.Before(seen.replicated), nil
	}
	info, err := node.Info(ctx, "replication").Result()
	switch {
	case err != nil && strings.Contains(err.Error(), "is not supported"): // miniredis, which replicates nothing
	case err != nil:
		return false, fmt.Errorf("ask Redis for its replicas: %w", err)
	case connectedReplicas.MatchString(info):
		seen.replicated = now.Add(replicasFor)
	}
	seen.fresh = now.Add(replicasFresh)
	s.nodes.mu.Lock()
	s.nodes.until[address] = seen
	s.nodes.mu.Unlock()
	return now.Before(seen.replicated), nil
}
