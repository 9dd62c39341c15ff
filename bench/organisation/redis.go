package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
)

// memory is what a master holds.
type memory struct{ keys, bytes int64 }

// onEach calls f with a client of each master, in the order of their addresses.
func onEach(ctx context.Context, s *lab.System, f func(i int, c *redis.Client) error) error {
	cluster, ok := s.RDB.(*redis.ClusterClient)
	if !ok {
		return f(0, s.RDB.(*redis.Client))
	}
	var mu sync.Mutex
	masters := map[string]*redis.Client{}
	err := cluster.ForEachMaster(ctx, func(_ context.Context, c *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		masters[c.Options().Addr] = c
		return nil
	})
	if err != nil {
		return err
	}
	addresses := make([]string, 0, len(masters))
	for a := range masters {
		addresses = append(addresses, a)
	}
	slices.Sort(addresses)
	for i, a := range addresses {
		if err := f(i, masters[a]); err != nil {
			return err
		}
	}
	return nil
}

func memoryOf(ctx context.Context, s *lab.System) (all []memory, err error) {
	err = onEach(ctx, s, func(_ int, c *redis.Client) error {
		keys, err := c.DBSize(ctx).Result()
		if err != nil {
			return err
		}
		info, err := c.Info(ctx, "memory").Result()
		if err != nil {
			return err
		}
		m := memory{keys: keys}
		for line := range strings.Lines(info) {
			if v, ok := strings.CutPrefix(line, "used_memory:"); ok {
				m.bytes, err = strconv.ParseInt(strings.TrimSpace(v), 10, 64)
			}
		}
		all = append(all, m)
		return err
	})
	return all, err
}

// kindOfKeys is what keys of one kind take.
type kindOfKeys struct {
	name        string
	keys, bytes int64
	master      int // that holds them; -1 for several
}

// kindsOf sums up the memory of all keys by their kind, the largest first.
func kindsOf(ctx context.Context, s *lab.System, job string) ([]kindOfKeys, error) {
	kinds := map[string]*kindOfKeys{}
	err := onEach(ctx, s, func(i int, c *redis.Client) error {
		for cursor := uint64(0); ; {
			keys, next, err := c.Scan(ctx, cursor, "", 1000).Result()
			if err != nil {
				return err
			}
			sizes := make([]*redis.IntCmd, len(keys))
			if _, err := c.Pipelined(ctx, func(p redis.Pipeliner) error {
				for k, key := range keys {
					sizes[k] = p.MemoryUsage(ctx, key)
				}
				return nil
			}); err != nil && err != redis.Nil { //nolint:errorlint // a pipeline answers the error itself
				return err
			}
			for k, key := range keys {
				name := kindOf(key, job)
				if kinds[name] == nil {
					kinds[name] = &kindOfKeys{name: name, master: i}
				}
				kind := kinds[name]
				kind.keys++
				kind.bytes += sizes[k].Val()
				if kind.master != i {
					kind.master = -1
				}
			}
			if cursor = next; cursor == 0 {
				return nil
			}
		}
	})
	var all []kindOfKeys
	for _, k := range kinds {
		all = append(all, *k)
	}
	slices.SortFunc(all, func(a, b kindOfKeys) int { return int(b.bytes - a.bytes) })
	return all, err
}

// kindOf names the kind of a key: a part of the job, call budgets, or the rest.
func kindOf(key, job string) string {
	names := map[string]string{
		"p": "pages", "c": "cells", "e": "failures", "u": "units", "l": "events", "s": "counters", "m": "head", "n": "report", "h": "held back", "f": "counters of failed cells",
	}
	if part, ok := strings.CutPrefix(key, "rt:{"+job+"}:"); ok {
		part, _, _ = strings.Cut(part, ":")
		return "job: " + names[part]
	}
	if strings.HasPrefix(key, "rt:rate:") {
		return "call budgets"
	}
	return "other"
}

func (f *figures) printRedis() {
	var peak, after, before int64
	var each, keys []string
	for i, m := range f.redis {
		before += f.redisBefore[i].bytes
		after += m.bytes
		p := max(f.peaks[i], m.bytes)
		peak += p
		each = append(each, fmt.Sprintf("%.1f", float64(p)/mib))
		keys = append(keys, strconv.FormatInt(m.keys, 10))
	}
	row("Redis, memory", "%.1f MiB at the peak (by master %s), %.1f after; %.0f bytes a resource after", float64(peak-before)/mib, strings.Join(each, ", "),
		float64(after-before)/mib, float64(after-before)/float64(max(1, f.found)))
	row("Redis, keys by master", "%s", strings.Join(keys, ", "))
	for _, k := range f.kinds {
		where := "on all masters"
		if k.master >= 0 {
			where = fmt.Sprint("on master ", k.master)
		}
		row("  "+k.name, "%d keys, %.1f MiB, %s", k.keys, float64(k.bytes)/mib, where)
	}
}
