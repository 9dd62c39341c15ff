package redistest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Node is a redis-server of a test's own, on a port.
type Node struct {
	Addr string
	cmd  *exec.Cmd
}

// StartNode starts a server with some settings, which stops with the test.
func StartNode(t testing.TB, settings ...string) *Node {
	t.Helper()
	return startNode(t, nil, settings)
}

// startNode starts a server: flags are those of the program, settings lines of its file,
// which a sentinel and a node of a cluster change.
func startNode(t testing.TB, flags, settings []string) *Node {
	t.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is not installed: apt-get install redis-server")
	}
	dir, n := t.TempDir(), &Node{Addr: freeAddr(t)}
	_, port, err := net.SplitHostPort(n.Addr)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "redis.conf")
	settings = append([]string{"port " + port, "bind 127.0.0.1", "dir " + dir, "loglevel warning"}, settings...)
	if err := os.WriteFile(file, []byte(strings.Join(settings, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n.cmd = exec.CommandContext(context.WithoutCancel(t.Context()), bin, append([]string{file}, flags...)...)
	n.cmd.Stderr = os.Stderr
	if err := n.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Kill)
	rdb := n.Client(t)
	Until(t, "redis-server answers", func() bool { return rdb.Ping(t.Context()).Err() == nil })
	return n
}

// Kill ends the server's process as kill -9 does. Killed twice, it is dead.
func (n *Node) Kill() {
	if n.cmd == nil {
		return
	}
	_ = n.cmd.Process.Kill()
	_ = n.cmd.Wait() // it was killed: that is no news
	n.cmd = nil
}

// Client returns a client of this server alone, which closes with the test.
func (n *Node) Client(t testing.TB) *redis.Client {
	t.Helper()
	rdb := redis.NewClient(&redis.Options{Addr: n.Addr, DisableIdentity: true, MaintNotificationsConfig: quiet})
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

var quiet = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}

// Pair is a server, and its replica behind a line that can be held.
type Pair struct {
	Master, Replica *Node
	Line            *Line
}

// StartPair starts a server and a replica of it that is in sync.
func StartPair(t testing.TB) Pair {
	t.Helper()
	p := Pair{Master: StartNode(t, "repl-diskless-sync-delay 0")}
	p.Line = newLine(t, p.Master.Addr)
	host, port, err := net.SplitHostPort(p.Line.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	p.Replica = StartNode(t, fmt.Sprintf("replicaof %s %s", host, port))
	InSync(t, p.Replica)
	return p
}

// CatchUp waits until the replica has all that its master has.
func (p Pair) CatchUp(t testing.TB) {
	t.Helper()
	rdb := p.Master.Client(t)
	Until(t, "the replica has all", func() bool {
		var has *redis.Cmd
		_, err := rdb.Pipelined(t.Context(), func(pipe redis.Pipeliner) error { // on one connection: WAIT speaks of its writes
			pipe.Set(t.Context(), "redistest", 1, 0)
			has = pipe.Do(t.Context(), "WAIT", 1, 1000)
			return nil
		})
		n, _ := has.Int()
		return err == nil && n == 1
	})
}

// InSync waits until a replica follows its master.
func InSync(t testing.TB, replica *Node) {
	t.Helper()
	rdb := replica.Client(t)
	Until(t, "the replica is in sync", func() bool {
		return strings.Contains(rdb.Info(t.Context(), "replication").Val(), "master_link_status:up")
	})
}

// Sentinels starts three sentinels of a pair. They call its master "main".
func (p Pair) Sentinels(t testing.TB) (addrs []string) {
	t.Helper()
	host, port, err := net.SplitHostPort(p.Master.Addr)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		// With a long time for a failover nobody minds that the replica follows by a line.
		s := startNode(t, []string{"--sentinel"}, []string{
			fmt.Sprintf("sentinel monitor main %s %s 2", host, port), "sentinel down-after-milliseconds main 1000", "sentinel failover-timeout main 600000",
		})
		addrs = append(addrs, s.Addr)
	}
	for _, addr := range addrs {
		rdb := redis.NewSentinelClient(&redis.Options{Addr: addr, MaintNotificationsConfig: quiet})
		Until(t, "the sentinels know each other and the replica", func() bool {
			m, err := rdb.Master(t.Context(), "main").Result()
			return err == nil && m["num-slaves"] == "1" && m["num-other-sentinels"] == "2"
		})
		_ = rdb.Close()
	}
	return addrs
}

// Promoted waits until a server is a master.
func (n *Node) Promoted(t testing.TB) {
	t.Helper()
	rdb := n.Client(t)
	Until(t, "the replica is the master", func() bool {
		return strings.Contains(rdb.Info(t.Context(), "replication").Val(), "role:master")
	})
}

// StartCluster starts a cluster of one slot range for each master, and a replica of the
// first. It returns a client that closes with the test.
func StartCluster(t testing.TB, masters int, replica bool) *redis.ClusterClient {
	t.Helper()
	const slots = 16384
	settings := []string{"cluster-enabled yes", "cluster-node-timeout 5000", "repl-diskless-sync-delay 0"}
	var nodes []*Node
	for i := range masters {
		n := StartNode(t, settings...)
		nodes = append(nodes, n)
		if err := n.Client(t).ClusterAddSlotsRange(t.Context(), i*slots/masters, (i+1)*slots/masters-1).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if replica {
		nodes = append(nodes, StartNode(t, settings...))
	}
	var addrs []string
	for _, n := range nodes {
		host, port, _ := net.SplitHostPort(n.Addr)
		addrs = append(addrs, n.Addr)
		if err := nodes[0].Client(t).ClusterMeet(t.Context(), host, port).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range nodes {
		rdb := n.Client(t)
		Until(t, "the nodes know each other", func() bool {
			info := rdb.ClusterInfo(t.Context()).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, fmt.Sprintf("cluster_known_nodes:%d\r", len(nodes)))
		})
	}
	if replica {
		last := nodes[len(nodes)-1]
		if err := last.Client(t).ClusterReplicate(t.Context(), nodes[0].Client(t).ClusterMyID(t.Context()).Val()).Err(); err != nil {
			t.Fatal(err)
		}
		InSync(t, last)
	}
	rdb := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, DisableIdentity: true, MaintNotificationsConfig: quiet})
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

// Until waits for something to be.
func Until(t testing.TB, what string, is func() bool) {
	t.Helper()
	limit, tick := time.NewTimer(time.Minute), time.NewTicker(10*time.Millisecond)
	defer limit.Stop()
	defer tick.Stop()
	for !is() {
		select {
		case <-limit.C:
			t.Fatalf("in a minute it did not come that %s", what)
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-tick.C:
		}
	}
}

func freeAddr(t testing.TB) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
