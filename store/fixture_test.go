package store_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

func open(t *testing.T, o store.Options) (*store.Store, redis.UniversalClient) {
	t.Helper()
	rdb := startRedis(t)
	return store.New(rdb, o), rdb
}

func startRedis(t testing.TB) redis.UniversalClient {
	t.Helper()
	return redistest.Start(t).Client(t)
}

// fixture is a job with helpers that fail the test.
type fixture struct {
	t *testing.T
	s *store.Store
	j tracker.Job
}

func create(t *testing.T, s *store.Store, id string, r tracker.ScanRequest, accounts ...string) fixture {
	t.Helper()
	if len(accounts) == 0 {
		accounts = []string{"self"}
	}
	j, err := s.Submit(t.Context(), submission(id, r), accounts, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if len(j.Dispatches) == 0 {
		t.Fatal("nothing to dispatch")
	}
	return fixture{t, s, j.Job}
}

// submission asks for a job of a certain ID, whatever else runs.
func submission(id string, r tracker.ScanRequest) tracker.Submission {
	return tracker.Submission{Owner: "alice", Lane: tracker.LaneInteractive, Request: r, Sealed: []byte("sealed"), JobID: id, OwnFlight: true}
}

// expanded is a job of one account whose regions are known.
func expanded(t *testing.T, s *store.Store, id string, r tracker.ScanRequest, regions ...string) (fixture, []store.Dispatch) {
	t.Helper()
	f := create(t, s, id, r)
	f.begin("self/*")
	var found []store.Found
	for _, region := range regions {
		found = append(found, store.Found{Unit: "1/" + region, Types: []tracker.Type{"EC2_Instance", "EBS_Volume"}})
	}
	next, err := s.Expand(t.Context(), id, tracker.Cell{AccountID: "self", Region: "*", Type: "*"}, found)
	if err != nil {
		t.Fatal(err)
	}
	return f, next
}

func (f fixture) begin(unit string) store.Lease {
	f.t.Helper()
	l, err := f.s.Begin(f.t.Context(), f.j.ID, store.Dispatch{Unit: unit})
	if err != nil {
		f.t.Fatal(err)
	}
	return l
}

func (f fixture) job() tracker.Job {
	f.t.Helper()
	j, err := f.s.Lookup(f.t.Context(), f.j.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	return j
}

// write closes a cell with n resources.
func (f fixture) write(l store.Lease, region string, typ tracker.Type, n int, o tracker.Outcome) (won, finish bool, next []store.Dispatch) {
	f.t.Helper()
	cell := tracker.Cell{AccountID: "1", Region: region, Type: typ}
	w := f.s.Pages(f.j.ID, cell, l.Run, time.Now().Add(time.Hour))
	for i := range n {
		if err := w.Add(f.t.Context(), resource(cell, i)); err != nil {
			f.t.Fatal(err)
		}
	}
	written, err := w.Close(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	c := store.Closing{Cell: cell, Outcome: o, Run: l.Run, Written: written}
	if !o.Complete() {
		c.Failure = &tracker.Failure{Outcome: o, Code: "Code", Message: "why"}
	}
	if won, finish, next, err = f.s.Close(f.t.Context(), f.j.ID, c); err != nil {
		f.t.Fatal(err)
	}
	return won, finish, next
}

func (f fixture) finish() bool {
	f.t.Helper()
	ended, err := f.s.Finish(f.t.Context(), f.j.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	return ended
}

func resource(c tracker.Cell, i int) tracker.Resource {
	r := tracker.Resource{
		ID: fmt.Sprintf("%s-%d", c.Type, i), Type: c.Type, AccountID: c.AccountID, Region: c.Region,
		ARN: "arn:aws:ec2:" + c.Region + ":1:x/" + fmt.Sprint(i), Name: tracker.Named(fmt.Sprintf("name-%d", i)),
		State: []string{"running", "stopped"}[i%2], Tags: map[string]string{"i": fmt.Sprint(i), "ключ/a:b": ""},
		Created: new(epoch.AddDate(0, 0, i)), Metadata: tracker.Metadata{"size": i, "nested": map[string]any{"list": []string{`x"y`}}},
	}
	if i > 0 {
		r.MonthlyCost = new(tracker.Dollars(float64(i)))
	}
	return r
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func query(t *testing.T, text string) filter.Filter {
	t.Helper()
	f, err := filter.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f fixture) ids(want filter.Filter) []string {
	f.t.Helper()
	var ids []string
	err := f.s.Each(f.t.Context(), f.j.ID, want, func(row []byte) error {
		var r tracker.Resource
		if err := json.Unmarshal(row, &r); err != nil {
			return err
		}
		ids = append(ids, r.Key())
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return ids
}
