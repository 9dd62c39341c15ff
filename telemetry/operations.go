package telemetry

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Operations is what the gauges of queues, of open work and of Redis say, and more of the
// same looks. What is not seen before ctx ends is not known.
func (m *Metrics) Operations(ctx context.Context) tracker.Operations {
	// Looks wait for Redis, each for itself.
	queues, workers, open, nodes := begin(m.queuesSeen), begin(m.workersSeen), begin(m.openWork), begin(m.redisSeen)
	o := tracker.Operations{Queues: end(ctx, queues), Workers: end(ctx, workers), Open: end(ctx, open)}
	o.Redis = tracker.RedisSeen{Kind: m.redisKind, Nodes: []tracker.RedisNode{}, Errors: m.redisFailed.Load()}
	if seen := end(ctx, nodes); seen != nil {
		o.Redis.At, o.Redis.Nodes = seen.At, seen.Nodes
	}
	return o
}

// begin looks beside the caller, who may leave before it has ended.
func begin[T any](look func() *T) <-chan *T {
	seen := make(chan *T, 1)
	go func() { seen <- look() }()
	return seen
}

// end is what a look has seen; nil when ctx ends first.
func end[T any](ctx context.Context, seen <-chan *T) *T {
	select {
	case v := <-seen:
		return v
	case <-ctx.Done():
		return nil
	}
}

func (m *Metrics) queuesSeen() *tracker.QueuesSeen {
	seen, at, ok := m.queues.at()
	if !ok {
		return nil
	}
	out := &tracker.QueuesSeen{At: at.UTC(), Queues: []tracker.Queue{}}
	for _, q := range seen {
		out.Queues = append(out.Queues, tracker.Queue{
			Name: q.Queue, Lane: laneOf(q.Queue), Pending: q.Pending, Active: q.Active, Scheduled: q.Scheduled, Retry: q.Retry, Archived: q.Archived,
			LatencySeconds: max(0, q.Latency.Seconds()), Processed: q.Processed, Failed: q.Failed, Paused: q.Paused,
		})
	}
	return out
}

// laneOf is the lane of a queue, which is named LANE-NUMBER.
func laneOf(queue string) tracker.Lane {
	return tracker.Lane(queue[:max(0, strings.LastIndexByte(queue, '-'))])
}

func (m *Metrics) workersSeen() *tracker.WorkersSeen {
	seen, at, ok := m.servers.at()
	if !ok {
		return nil
	}
	out := &tracker.WorkersSeen{At: at.UTC(), Servers: []tracker.QueueServer{}}
	for _, s := range seen {
		queues := slices.Sorted(maps.Keys(s.Queues))
		if len(queues) == 0 {
			continue
		}
		out.Servers = append(out.Servers, tracker.QueueServer{
			Host: s.Host, PID: s.PID, Lane: laneOf(queues[0]), StartedAt: s.Started.UTC(), Status: s.Status,
			Concurrency: s.Concurrency, Active: len(s.ActiveWorkers), Queues: queues,
		})
	}
	slices.SortFunc(out.Servers, func(a, b tracker.QueueServer) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.PID, b.PID), cmp.Compare(a.Lane, b.Lane), a.StartedAt.Compare(b.StartedAt))
	})
	return out
}

func (m *Metrics) openWork() *tracker.OpenWork {
	seen, at, ok := m.backlog.at()
	if !ok {
		return nil
	}
	out := &tracker.OpenWork{
		At: at.UTC(), Workers: seen.Workers, Jobs: []tracker.OpenJobs{}, Plans: seen.Plans,
		ScheduleLagSeconds: seen.Late.Seconds(), HistoryWaitingScans: seen.Records,
	}
	for _, lane := range slices.Sorted(maps.Keys(seen.Jobs)) {
		out.Jobs = append(out.Jobs, tracker.OpenJobs{Lane: lane, Jobs: seen.Jobs[lane].Count, OldestSeconds: seen.Jobs[lane].Oldest.Seconds()})
	}
	return out
}

func (m *Metrics) redisSeen() *tracker.RedisSeen {
	seen, at, ok := m.nodes.at()
	if !ok {
		return nil
	}
	at = at.UTC()
	return &tracker.RedisSeen{At: &at, Nodes: seen}
}
