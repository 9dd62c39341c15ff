package fleet

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
)

// The kinds of Redis.
const (
	Server   = "server"   // one, which comes back when it is killed
	Cluster  = "cluster"  // three masters with a replica each
	Sentinel = "sentinel" // a master with two replicas, and three sentinels
)

// Redis is what the programs share.
type Redis struct {
	URL    string
	Client redis.UniversalClient
	kind   string
	nodes  []*node
	guards []*node // sentinels
}

// node is a redis-server on a port.
type node struct {
	Process
	addr string
	rdb  *redis.Client // of this server alone
}

var quiet = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}

func startRedis(ctx context.Context, dir, kind string) (r *Redis, err error) {
	r = &Redis{kind: kind}
	switch kind {
	case Server:
		err = r.server(ctx, dir)
	case Cluster:
		err = r.cluster(ctx, dir)
	case Sentinel:
		err = r.sentinel(ctx, dir)
	default:
		return nil, fmt.Errorf("redis is %s, %s or %s, not %q", Server, Cluster, Sentinel, kind)
	}
	if err != nil {
		r.stop()
	}
	return r, err
}

func (r *Redis) server(ctx context.Context, dir string) error {
	n, err := r.add(ctx, dir)
	if err != nil {
		return err
	}
	r.URL = "redis://" + n.addr
	r.Client = redis.NewClient(&redis.Options{Addr: n.addr, MaintNotificationsConfig: quiet})
	return nil
}

func (r *Redis) sentinel(ctx context.Context, dir string) error {
	settings := []string{"min-replicas-to-write 1", "min-replicas-max-lag 10", "repl-diskless-sync-delay 0"}
	master, err := r.add(ctx, dir, settings...)
	if err != nil {
		return err
	}
	host, port, _ := net.SplitHostPort(master.addr)
	for range 2 {
		n, err := r.add(ctx, dir, append(settings, fmt.Sprintf("replicaof %s %s", host, port))...)
		if err == nil {
			err = n.follows(ctx)
		}
		if err != nil {
			return err
		}
	}
	var addrs []string
	for range 3 {
		n, err := start(ctx, dir, fmt.Sprint("sentinel-", len(r.guards)), []string{"--sentinel"}, []string{
			fmt.Sprintf("sentinel monitor main %s %s 2", host, port), "sentinel down-after-milliseconds main 2000", "sentinel failover-timeout main 20000",
		})
		if err != nil {
			return err
		}
		r.guards, addrs = append(r.guards, n), append(addrs, n.addr)
	}
	for _, n := range r.guards {
		sentinel := redis.NewSentinelClient(&redis.Options{Addr: n.addr, MaintNotificationsConfig: quiet})
		err := lab.Until(ctx, "the sentinels know each other and the replicas", func() bool {
			m, err := sentinel.Master(ctx, "main").Result()
			return err == nil && m["num-slaves"] == "2" && m["num-other-sentinels"] == "2"
		})
		_ = sentinel.Close()
		if err != nil {
			return err
		}
	}
	r.URL = "redis+sentinel://" + strings.Join(addrs, ",") + "/main"
	r.Client = redis.NewFailoverClient(&redis.FailoverOptions{MasterName: "main", SentinelAddrs: addrs})
	return nil
}

func (r *Redis) cluster(ctx context.Context, dir string) error {
	args := []string{"--cluster", "create"}
	var addrs []string
	for range 6 {
		bus, err := lab.FreePort(ctx)
		if err != nil {
			return err
		}
		n, err := r.add(ctx, dir, "cluster-enabled yes", "cluster-port "+bus, "cluster-node-timeout 2000", "repl-diskless-sync-delay 0")
		if err != nil {
			return err
		}
		args, addrs = append(args, n.addr+"@"+bus), append(addrs, n.addr)
	}
	if err := cli(ctx, append(args, "--cluster-replicas", "1", "--cluster-yes")...); err != nil {
		return err
	}
	for _, n := range r.nodes {
		err := lab.Until(ctx, "the nodes of the cluster know each other", func() bool {
			info := n.rdb.ClusterInfo(ctx).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:6\r")
		})
		if err == nil && strings.Contains(n.info(ctx), "role:slave") {
			err = n.follows(ctx)
		}
		if err != nil {
			return err
		}
	}
	// The scheme once, as documented; and not every node.
	r.URL = "redis://" + strings.Join(addrs[:4], ",")
	r.Client = redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, MaintNotificationsConfig: quiet})
	return nil
}

// Fail kills a master with -9. Where it has replicas one of them takes its place, and it
// comes back as a replica. It returns when all is whole again.
func (r *Redis) Fail(ctx context.Context) error {
	master, err := r.master(ctx)
	if err != nil {
		return err
	}
	successor := func() bool { return true }
	switch r.kind {
	case Cluster:
		var after *node
		for _, n := range r.nodes {
			if strings.Contains(n.info(ctx), "master_port:"+port(master.addr)+"\r") {
				after = n
			}
		}
		if after == nil {
			return fmt.Errorf("%s has no replica", master.name)
		}
		successor = func() bool {
			return after.leads(ctx) && strings.Contains(after.rdb.ClusterInfo(ctx).Val(), "cluster_state:ok")
		}
	case Sentinel:
		successor = func() bool {
			next, err := r.master(ctx)
			return err == nil && next != master && next.leads(ctx)
		}
	}
	master.Kill()
	if err := lab.Until(ctx, "a replica of "+master.name+" has taken its place", successor); err != nil {
		return err
	}
	if err := master.run(ctx); err != nil || r.kind == Server {
		return err
	}
	return master.follows(ctx)
}

// master is the one that has the data, or in a cluster any one that has some.
func (r *Redis) master(ctx context.Context) (*node, error) {
	if r.kind == Sentinel { // one that came back calls itself a master for some seconds
		return r.named(ctx)
	}
	var masters []*node
	for _, n := range r.nodes {
		if n.leads(ctx) {
			masters = append(masters, n)
		}
	}
	if len(masters) == 0 {
		return nil, fmt.Errorf("no server is a master")
	}
	return masters[rand.IntN(len(masters))], nil
}

// named is the master that a sentinel names.
func (r *Redis) named(ctx context.Context) (*node, error) {
	for _, guard := range r.guards {
		sentinel := redis.NewSentinelClient(&redis.Options{Addr: guard.addr, MaintNotificationsConfig: quiet})
		at, err := sentinel.GetMasterAddrByName(ctx, "main").Result()
		_ = sentinel.Close()
		for _, n := range r.nodes {
			if err == nil && n.addr == net.JoinHostPort(at[0], at[1]) {
				return n, nil
			}
		}
	}
	return nil, fmt.Errorf("no sentinel names the master")
}

// Reshard moves slots of one master of a cluster to another.
func (r *Redis) Reshard(ctx context.Context, slots int) error {
	var ids []string
	var at string
	for _, n := range r.nodes {
		if n.leads(ctx) {
			ids, at = append(ids, n.rdb.ClusterMyID(ctx).Val()), n.addr
		}
	}
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	if len(ids) < 2 {
		return fmt.Errorf("%d masters are there", len(ids))
	}
	agree := func() bool { return cli(ctx, "--cluster", "check", at) == nil }
	if err := lab.Until(ctx, "the nodes agree after a failover", agree); err != nil {
		return err
	}
	return cli(ctx, "--cluster", "reshard", at, "--cluster-from", ids[0], "--cluster-to", ids[1], "--cluster-slots", fmt.Sprint(slots), "--cluster-yes")
}

func (r *Redis) add(ctx context.Context, dir string, settings ...string) (*node, error) {
	n, err := start(ctx, dir, fmt.Sprint("redis-", len(r.nodes)), nil, append([]string{
		"save \"\"", "appendonly yes", "appendfsync everysec", "maxmemory-policy noeviction",
	}, settings...))
	if err == nil {
		r.nodes = append(r.nodes, n)
	}
	return n, err
}

func (r *Redis) stop() {
	if r.Client != nil {
		_ = r.Client.Close()
	}
	for _, n := range append(r.guards, r.nodes...) {
		n.Kill()
		_ = n.rdb.Close()
	}
}

// start starts a server. Flags are those of the program, settings lines of its file,
// which sentinels and nodes of a cluster change.
func start(ctx context.Context, dir, name string, flags, settings []string) (*node, error) {
	free, err := lab.FreePort(ctx)
	if err != nil {
		return nil, err
	}
	own := filepath.Join(dir, name)
	if err := os.Mkdir(own, 0o700); err != nil {
		return nil, err
	}
	settings = append([]string{"port " + free, "bind 127.0.0.1", "dir " + own, "loglevel notice"}, settings...)
	file := filepath.Join(own, "redis.conf")
	if err := os.WriteFile(file, []byte(strings.Join(settings, "\n")+"\n"), 0o600); err != nil {
		return nil, err
	}
	addr := net.JoinHostPort("127.0.0.1", free)
	n := &node{
		Process{name: name, dir: own, program: "redis-server", args: append([]string{file}, flags...)},
		addr,
		redis.NewClient(&redis.Options{Addr: addr, MaintNotificationsConfig: quiet, DisableIdentity: true}),
	}
	return n, n.run(ctx)
}

func (n *node) run(ctx context.Context) error {
	if err := n.Start(); err != nil {
		return err
	}
	return lab.Until(ctx, n.name+" answers", func() bool { return n.rdb.Ping(ctx).Err() == nil })
}

func (n *node) info(ctx context.Context) string { return n.rdb.Info(ctx, "replication").Val() }

func (n *node) leads(ctx context.Context) bool { return strings.Contains(n.info(ctx), "role:master") }

// follows waits until the server is a replica that has all that its master has.
func (n *node) follows(ctx context.Context) error {
	return lab.Until(ctx, n.name+" is a replica in sync", func() bool { return strings.Contains(n.info(ctx), "master_link_status:up") })
}

func port(addr string) string {
	_, p, _ := net.SplitHostPort(addr)
	return p
}

func cli(ctx context.Context, args ...string) error {
	out, err := exec.CommandContext(ctx, "redis-cli", args...).CombinedOutput() //nolint:gosec // our own arguments
	if err != nil {
		return fmt.Errorf("redis-cli %s: %w: %s", strings.Join(args[:2], " "), err, out[max(0, len(out)-1000):])
	}
	return nil
}
