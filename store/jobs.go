package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Sealed returns the job's credentials as they were sealed; CodeNotFound when
// the job has ended.
func (s *Store) Sealed(ctx context.Context, id string) ([]byte, error) {
	b, err := s.rdb.Get(ctx, jobKey(id, "x")).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, tracker.Errorf(tracker.CodeNotFound, "job %s has no credentials any more: it has ended", id)
	}
	return b, wrap(err, "read credentials of job %s", id)
}

// Job returns a job of owner. An ID that single flight joined to a running job
// answers that job under the ID that was asked for.
func (s *Store) Job(ctx context.Context, owner, id string) (tracker.Job, error) {
	canonical, err := s.resolve(ctx, id)
	if err != nil {
		return tracker.Job{}, err
	}
	j, err := s.Lookup(ctx, canonical)
	if err != nil {
		return tracker.Job{}, err
	}
	if j.Owner != owner {
		return tracker.Job{}, notFound(id)
	}
	return j, nil
}

// Lookup returns a job whoever owns it; CodeNotFound when there is none.
func (s *Store) Lookup(ctx context.Context, id string) (tracker.Job, error) {
	var meta, counts *redis.MapStringStringCmd
	_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		meta, counts = p.HGetAll(ctx, jobKey(id, "m")), p.HGetAll(ctx, jobKey(id, "s"))
		return nil
	})
	if err != nil {
		return tracker.Job{}, fmt.Errorf("read job %s: %w", id, err)
	}
	if len(meta.Val()) == 0 {
		return tracker.Job{}, notFound(id)
	}
	return decodeJob(id, meta.Val(), counts.Val())
}

// Head returns a job as Lookup does, without its summary, which has counters for each
// account. It is for what is done for each of a job's units.
func (s *Store) Head(ctx context.Context, id string) (tracker.Job, error) {
	meta, err := s.rdb.HGetAll(ctx, jobKey(id, "m")).Result()
	if err != nil {
		return tracker.Job{}, fmt.Errorf("read job %s: %w", id, err)
	}
	if len(meta) == 0 {
		return tracker.Job{}, notFound(id)
	}
	return decodeJob(id, meta, nil)
}

func decodeJob(id string, m, counts map[string]string) (tracker.Job, error) {
	j := tracker.Job{
		ID: id, Kind: m["kind"], State: tracker.JobState(m["state"]), Owner: m["owner"],
		Lane: tracker.Lane(m["lane"]), Shard: int(num(m["shard"])), Reason: m["reason"], Schedule: m["schedule"],
		Summary: decodeSummary(counts), Callers: callers(m),
		CreatedAt: time.UnixMilli(num(m["created_at"])).UTC(), StartedAt: millis(m["started_at"]), FinishedAt: millis(m["finished_at"]),
		DeadlineAt: time.UnixMilli(num(m["deadline_at"])).UTC(),
	}
	if err := json.Unmarshal([]byte(m["request"]), &j.Request); err != nil {
		return j, fmt.Errorf("decode request of job %s: %w", id, err)
	}
	j.ExpiresAt = j.DeadlineAt.Add(time.Duration(num(m["retention"])) * time.Millisecond)
	if j.FinishedAt != nil {
		j.ExpiresAt = j.FinishedAt.Add(time.Duration(num(m["retention"])) * time.Millisecond)
	}
	if calls, ok := m["calls"]; ok {
		j.Calls = new(num(calls))
	}
	p := tracker.Progress{
		CellsTotal: int(num(m["total"])), CellsClosed: int(num(m["closed"])), Discovering: int(num(m["discovering"])),
		ByOutcome: map[tracker.Outcome]int{},
	}
	for _, o := range tracker.Outcomes {
		if n := num(m["n:"+string(o)]); n > 0 {
			p.ByOutcome[o] = int(n)
		}
	}
	switch {
	case j.State.Terminal():
		p.Percent = 100
	case p.CellsTotal > 0 && p.Discovering == 0:
		p.Percent = 99 * p.CellsClosed / p.CellsTotal
	}
	j.Progress = p
	return j, nil
}

// counters flattens a summary into the names and increments that scripts add up.
func counters(s tracker.Summary) []any {
	var out []any
	add := func(name string, n int64) {
		if n != 0 {
			out = append(out, name, n)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(s.ByType)) {
		add("type:"+string(k), int64(s.ByType[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(s.ByRegion)) {
		add("region:"+k, int64(s.ByRegion[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(s.ByState)) {
		add("state:"+k, int64(s.ByState[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(s.Cost.ByResourceType)) {
		add("cost:"+string(k), int64(s.Cost.ByResourceType[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(s.Cost.ByRegion)) {
		add("costregion:"+k, int64(s.Cost.ByRegion[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(s.Cost.ByAccount)) {
		add("costaccount:"+k, int64(s.Cost.ByAccount[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(s.Cost.ByBasis)) {
		add("basis:"+string(k), int64(s.Cost.ByBasis[k]))
	}
	add("costotherregion", int64(s.Cost.OtherRegion))
	add("priced", int64(s.Cost.Known))
	add("unpriced", int64(s.Cost.Unknown))
	return out
}

func decodeSummary(counts map[string]string) tracker.Summary {
	s := tracker.NewSummary()
	for name, v := range counts {
		n := num(v)
		if n == 0 {
			continue
		}
		kind, key, _ := strings.Cut(name, ":")
		switch kind {
		case "type":
			s.ByType[tracker.Type(key)] = int(n)
			s.TotalResources += int(n)
		case "region":
			s.ByRegion[key] = int(n)
		case "state":
			s.ByState[key] = int(n)
		case "cost":
			s.Cost.ByResourceType[tracker.Type(key)] = tracker.Money(n)
			s.Cost.MonthlyTotal += tracker.Money(n)
		case "costregion":
			s.Cost.ByRegion[key] = tracker.Money(n)
		case "costaccount":
			s.Cost.ByAccount[key] = tracker.Money(n)
		case "basis":
			s.Cost.ByBasis[tracker.CostBasis(key)] = int(n)
		case "costotherregion":
			s.Cost.OtherRegion = tracker.Money(n)
		case "priced":
			s.Cost.Known = int(n)
		case "unpriced":
			s.Cost.Unknown = int(n)
		}
	}
	return s
}

// Jobs returns a page of owner's jobs, newest first, and the cursor of the next
// page, which is empty at the end. One of jobs that are wanted only may have fewer than
// limit, or none, before the end.
func (s *Store) Jobs(ctx context.Context, owner, cursor string, limit int, want tracker.JobsWanted) ([]tracker.Job, string, error) {
	return listed(ctx, s, ownerKey(owner, "jobs"), cursor, limit, func(id string) (j tracker.Job, _ time.Time, err error) {
		c, err := s.wanted(ctx, id, want)
		if err != nil {
			return j, j.CreatedAt, err
		}
		j, err = s.Lookup(ctx, id)
		j.AccountUnknown = c == unknown
		return j, j.CreatedAt, err
	})
}

// wanted answers errPassedOver for a job that is not wanted, and else whether it is about
// the account that is. It reads little of it: most of a list may not be wanted.
func (s *Store) wanted(ctx context.Context, id string, want tracker.JobsWanted) (concern, error) {
	if len(want.States) == 0 && want.Account == "" {
		return about, nil
	}
	head, err := s.jobHead(ctx, id)
	if err != nil || head.state == "" { // Lookup says what there is not
		return about, err
	}
	if len(want.States) > 0 && !slices.Contains(want.States, head.state) {
		return about, errPassedOver
	}
	if want.Account == "" {
		return about, nil
	}
	c, err := s.jobConcerns(ctx, id, head, want.Account)
	if err == nil && c == apart {
		err = errPassedOver
	}
	return c, err
}

// Latest returns the ID of owner's newest scan that has ended with something to show.
func (s *Store) Latest(ctx context.Context, owner string) (string, error) {
	for cursor := ""; ; {
		jobs, next, err := s.Jobs(ctx, owner, cursor, 20, tracker.JobsWanted{})
		if err != nil {
			return "", err
		}
		for _, j := range jobs {
			if j.Kind == tracker.KindScan && (j.State == tracker.JobSucceeded || j.State == tracker.JobPartial) {
				return j.ID, nil
			}
		}
		if cursor = next; cursor == "" {
			return "", tracker.Errorf(tracker.CodeNotFound, "no finished scan: start one with POST /api/v1/scan")
		}
	}
}
