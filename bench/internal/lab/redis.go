package lab

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// servers are a Redis, or the masters of a cluster.
type servers struct {
	masters []*Process
	url     string
	client  redis.UniversalClient
}

var quiet = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}

// startRedis starts one redis-server on a unix socket, or a cluster of masters on free
// ports.
func startRedis(ctx context.Context, dir string, masters int) (s servers, err error) {
	if masters == 0 {
		socket := filepath.Join(dir, "redis.sock")
		return servers{
			[]*Process{keepRedis(dir, "redis", "--port", "0", "--unixsocket", socket)},
			"unix://" + socket,
			redis.NewClient(&redis.Options{Network: "unix", Addr: socket, MaintNotificationsConfig: quiet}),
		}, nil
	}
	var addresses, urls, buses []string
	for i := range masters {
		port, err := FreePort(ctx)
		if err != nil {
			return s, err
		}
		bus, err := FreePort(ctx)
		if err != nil {
			return s, err
		}
		name := fmt.Sprint("redis-", i)
		s.masters = append(s.masters, keepRedis(dir, name, "--port", port, "--bind", "127.0.0.1", "--cluster-enabled", "yes", "--cluster-port", bus,
			"--cluster-config-file", name+".conf", "--appenddirname", name, "--cluster-node-timeout", "15000"))
		addresses, urls, buses = append(addresses, "127.0.0.1:"+port), append(urls, "redis://127.0.0.1:"+port), append(buses, bus)
	}
	s.url = strings.Join(urls, ",")
	s.client = redis.NewClusterClient(&redis.ClusterOptions{Addrs: addresses, MaintNotificationsConfig: quiet})
	return s, meet(ctx, addresses, buses)
}

func keepRedis(dir, name string, args ...string) *Process {
	return Keep(dir, name, nil, "redis-server", slices.Concat(args, []string{
		"--dir", dir, "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--loglevel", "warning",
	})...)
}

// meet makes a cluster of servers, and waits until each of them knows it.
func meet(ctx context.Context, addresses, buses []string) error {
	const slots = 16384
	nodes := make([]*redis.Client, len(addresses))
	for i, a := range addresses {
		nodes[i] = redis.NewClient(&redis.Options{Addr: a, MaintNotificationsConfig: quiet})
		defer nodes[i].Close()
		if err := Until(ctx, "redis-server answers at "+a, func() bool { return nodes[i].Ping(ctx).Err() == nil }); err != nil {
			return err
		}
		if err := nodes[i].ClusterAddSlotsRange(ctx, i*slots/len(nodes), (i+1)*slots/len(nodes)-1).Err(); err != nil {
			return fmt.Errorf("give slots to %s: %w", a, err)
		}
		if err := nodes[i].Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", i+1).Err(); err != nil {
			return fmt.Errorf("tell %s apart: %w", a, err)
		}
	}
	host, port, _ := strings.Cut(addresses[0], ":")
	for _, n := range nodes[1:] {
		if err := n.Do(ctx, "CLUSTER", "MEET", host, port, buses[0]).Err(); err != nil {
			return fmt.Errorf("make a cluster: %w", err)
		}
	}
	for i, n := range nodes {
		err := Until(ctx, "the cluster is whole at "+addresses[i], func() bool {
			info := n.ClusterInfo(ctx).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:"+strconv.Itoa(len(nodes)))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Until waits for something to be so.
func Until(ctx context.Context, what string, so func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
	return nil
}
