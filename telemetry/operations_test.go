package telemetry_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/telemetry"
	"github.com/consolesensei/resource-tracker/tracker"
)

func redisSeen(t *testing.T, rdb redis.UniversalClient) tracker.RedisSeen {
	t.Helper()
	m := telemetry.NewMetrics("api")
	m.WatchNodes(rdb, false, slog.New(slog.DiscardHandler))
	return m.Operations(t.Context()).Redis
}

func TestOperations_Redis(t *testing.T) {
	rdb := redistest.StartNode(t, "maxmemory 100mb", "maxmemory-policy allkeys-lru", "appendonly yes").Client(t)
	seen := redisSeen(t, rdb)
	if seen.Kind != "server" || seen.At == nil || len(seen.Nodes) != 1 {
		t.Fatalf("%+v", seen)
	}
	n := seen.Nodes[0]
	if !n.Answers || *n.Address != rdb.Options().Addr || *n.Role != "master" || *n.MaxMemory != 100<<20 || *n.MemoryPolicy != "allkeys-lru" || !*n.DropsKeys ||
		!*n.AppendOnly || *n.AppendStatus != "ok" || *n.SaveStatus != "ok" || n.SavedAt == nil || *n.UsedMemory == 0 || *n.Version == "" ||
		*n.ConnectedClients < 1 || *n.EvictedKeys != 0 || *n.RejectedConnections != 0 || *n.ConnectedReplicas != 0 || n.MasterLink != nil || n.UptimeSeconds == nil {
		t.Errorf("%+v", n)
	}

	t.Run("one that refuses to tell", func(t *testing.T) {
		// A service that others run forbids commands to its users.
		if err := rdb.Do(t.Context(), "ACL", "SETUSER", "default", "-info", "-config").Err(); err != nil {
			t.Fatal(err)
		}
		seen := redisSeen(t, rdb)
		if n := seen.Nodes[0]; !n.Answers || n.Role != nil || n.MaxMemory != nil || n.DropsKeys != nil || n.AppendOnly != nil || n.SavedAt != nil || n.Replicas == nil {
			t.Errorf("%+v", n)
		}
	})
	t.Run("one that does not answer", func(t *testing.T) {
		away := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1})
		defer away.Close()
		if seen := redisSeen(t, away); seen.Nodes[0].Answers || seen.Nodes[0].UsedMemory != nil {
			t.Errorf("%+v", seen)
		}
	})
}

func TestOperations_RedisCluster(t *testing.T) {
	rdb := redistest.StartCluster(t, 2, true)
	var seen tracker.RedisSeen
	redistest.Until(t, "the client knows the replica", func() bool {
		rdb.ReloadState(t.Context())
		seen = redisSeen(t, rdb)
		return len(seen.Nodes) == 3
	})
	roles := map[string]int{}
	for _, n := range seen.Nodes {
		if !n.Answers || n.UsedMemory == nil || *n.DropsKeys {
			t.Errorf("%+v", n)
		}
		roles[*n.Role]++
		for _, r := range n.Replicas {
			if !strings.HasPrefix(r.Address, "127.0.0.1:") || r.State == "" {
				t.Errorf("%+v", r)
			}
		}
	}
	if seen.Kind != "cluster" || roles["master"] != 2 || roles["replica"] != 1 {
		t.Errorf("%s of %v", seen.Kind, roles)
	}
}

func TestOperations_QueuesAndWorkers(t *testing.T) {
	rdb := redistest.Start(t).Client(t)
	client := asynq.NewClientFromRedisClient(rdb)
	for _, queue := range []string{"interactive-0", "actions-0"} {
		if _, err := client.Enqueue(asynq.NewTask("kind", []byte("a payload")), asynq.Queue(queue)); err != nil {
			t.Fatal(err)
		}
	}
	if err := asynq.NewInspectorFromRedisClient(rdb).PauseQueue("actions-0"); err != nil {
		t.Fatal(err)
	}
	begun, release := make(chan struct{}), make(chan struct{})
	srv := asynq.NewServerFromRedisClient(rdb, asynq.Config{Concurrency: 3, Queues: map[string]int{"interactive-0": 1, "interactive-1": 1}, LogLevel: asynq.FatalLevel, ShutdownTimeout: time.Second})
	if err := srv.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error {
		close(begun)
		<-release
		return nil
	})); err != nil {
		t.Fatal(err)
	}
	defer srv.Shutdown()
	defer close(release)
	<-begun
	inspect := asynq.NewInspectorFromRedisClient(rdb)
	redistest.Until(t, "the server tells of its task", func() bool {
		servers, err := inspect.Servers()
		return err == nil && len(servers) == 1 && len(servers[0].ActiveWorkers) == 1
	})

	m := telemetry.NewMetrics("api")
	m.WatchQueues(rdb, []string{"interactive-0", "actions-0"}, slog.New(slog.DiscardHandler))
	m.WatchBacklog(func(context.Context) (telemetry.Backlog, error) { return telemetry.Backlog{}, errors.New("away") }, slog.New(slog.DiscardHandler))
	o := m.Operations(t.Context())
	if o.Open != nil {
		t.Error("what could not be seen is not known")
	}
	if q := o.Queues.Queues; len(q) != 2 || q[0].Lane != tracker.LaneInteractive || q[0].Active != 1 || q[0].Paused || q[1].Pending != 1 || !q[1].Paused {
		t.Errorf("%+v", q)
	}
	if w := o.Workers.Servers; len(w) != 1 || w[0].Lane != tracker.LaneInteractive || w[0].Active != 1 || w[0].Concurrency != 3 || w[0].PID == 0 || w[0].Status != "active" || len(w[0].Queues) != 2 {
		t.Errorf("%+v", w)
	}
}
