package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestMain(m *testing.M) {
	if socket := os.Getenv(mortalSocket); socket != "" {
		if command, ok := strings.CutPrefix(os.Getenv(mortalPoint), "before "); ok {
			tellUntilDeath(socket, command, os.Getenv(mortalID))
		}
		workUntilDeath(socket, os.Getenv(mortalPoint), os.Getenv(mortalID))
	}
	goleak.VerifyTestMain(m)
}

// aws is a fake account: every region has two of each type, unless a hook says otherwise.
type aws struct {
	id       string
	regions  []string
	identity func() error
	list     func() error
	scan     func(ctx context.Context, region string, t tracker.Type) error
	members  []string
	home     string // a region of its partition
	tags     func(region string, t tracker.Type, i int) map[string]string
	simulate func(region string) (denied []string, err error)
	allowed  []string // what probes have seen let through

	mu     sync.Mutex
	calls  []string
	wanted kernel.Wanted // by the last cell
}

func (a *aws) Identity(context.Context) (string, error) {
	if a.identity != nil {
		if err := a.identity(); err != nil {
			return "", err
		}
	}
	return a.id, nil
}

func (a *aws) Regions(context.Context) ([]string, error) {
	if a.list != nil {
		if err := a.list(); err != nil {
			return nil, err
		}
	}
	return a.regions, nil
}

func (a *aws) Partition() tracker.Partition { return tracker.PartitionOf(a.home) }

func (a *aws) Members(context.Context) ([]string, error) { return a.members, nil }

func (a *aws) Scan(ctx context.Context, c tracker.Cell, w kernel.Wanted, emit func(...tracker.Resource) error) error {
	account, region, t := c.AccountID, c.Region, c.Type
	a.mu.Lock()
	a.calls, a.wanted = append(a.calls, region+"/"+string(t)), w
	a.mu.Unlock()
	kernel.Called(ctx)
	for i := range 2 {
		r := tracker.Resource{ID: fmt.Sprintf("%s-%d", t, i), Type: t, AccountID: account, Region: region, State: "running"}
		if a.tags != nil {
			r.Tags = a.tags(region, t, i)
		}
		if err := emit(r); err != nil {
			return err
		}
		if a.scan != nil && i == 0 {
			if err := a.scan(ctx, region, t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *aws) Caller(context.Context) (string, error) { return "arn:aws:iam::" + a.id + ":user/u", nil }

func (a *aws) Probe(ctx context.Context, c tracker.Cell, w kernel.Wanted) (n int, allowed []string, err error) {
	err = a.Scan(ctx, c, w, func(rs ...tracker.Resource) error {
		n += len(rs)
		return nil
	})
	return n, a.allowed, err
}

func (a *aws) Simulate(_ context.Context, region string, actions []string) ([]string, error) {
	a.mu.Lock()
	a.calls = append(a.calls, region+" simulates "+strings.Join(actions, " "))
	a.mu.Unlock()
	if a.simulate == nil {
		return nil, nil
	}
	return a.simulate(region)
}

func (a *aws) Explain(err error, _ string) *tracker.Failure {
	if f, ok := errors.AsType[*tracker.Failure](err); ok {
		return f
	}
	return &tracker.Failure{Outcome: tracker.OutcomeError, Message: err.Error()}
}

func (a *aws) Aside(err error) ([]tracker.Note, error) {
	if e, ok := errors.AsType[*tracker.Elsewhere](err); ok {
		return []tracker.Note{{Region: e.Region, Outcome: tracker.OutcomeNotOptedIn, Resources: e.Resources, Count: len(e.Resources), Message: e.Error()}}, nil
	}
	return nil, err
}

func fail(o tracker.Outcome) error {
	return &tracker.Failure{Outcome: o, Code: string(o), Message: "why"}
}

// opener is a key that everything fits.
type opener struct{}

func (opener) Open(b []byte, _ ...tracker.SealedFor) (tracker.Credentials, error) {
	return tracker.Credentials{AccessKeyID: string(b)}, nil
}

// system is a client and workers on a real Redis.
type system struct {
	t      testing.TB
	rdb    redis.UniversalClient
	store  *store.Store
	client *jobs.Client
	opts   jobs.Options
	first  *jobs.Worker
}

var types = []tracker.TypeInfo{
	{Type: "EBS_Volume", Service: "ec2", Scope: "regional", Permissions: []string{"ec2:DescribeVolumes"}},
	{Type: "EC2_Instance", Service: "ec2", Scope: "regional", Permissions: []string{"ec2:DescribeInstances", "ec2:DescribeTags"}},
	{Type: "IAM_User", Service: "iam", Scope: "global", Permissions: []string{"iam:ListUsers"}},
}

// as is a principal of a tenant of the same name, who calls from an address.
func as(name string, from ...string) tracker.Principal {
	return tracker.Principal{Tenant: name, Who: name, Person: name, From: strings.Join(from, "")}
}

func start(t testing.TB, account *aws, o jobs.Options) *system {
	t.Helper()
	return startOn(t, redistest.Start(t).Client(t), store.Options{}, account, o)
}

func startOn(t testing.TB, rdb redis.UniversalClient, so store.Options, account *aws, o jobs.Options) *system {
	t.Helper()
	s := &system{t: t, rdb: rdb, store: store.New(rdb, so), opts: o}
	s.client = jobs.NewClient(jobs.ClientOptions{Store: s.store, Queue: asynq.NewClientFromRedisClient(rdb), Organization: o.OrganizationRole != ""})
	s.opts.Store, s.opts.Redis, s.opts.Types = s.store, rdb, types
	if s.opts.Opener == nil {
		s.opts.Opener = opener{}
	}
	if s.opts.Open == nil {
		s.opts.Open = func(context.Context, tracker.Credentials) (kernel.Account, error) { return account, nil }
	}
	s.first = s.worker()
	return s
}

// worker starts one more worker, which stops with the test.
func (s *system) worker() *jobs.Worker {
	s.t.Helper()
	w := jobs.NewWorker(s.opts)
	if err := w.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(w.Stop)
	return w
}

func (s *system) submit(r tracker.ScanRequest) tracker.Job {
	s.t.Helper()
	j, _, err := s.client.Submit(s.t.Context(), tracker.Submission{Owner: "alice", Lane: tracker.LaneInteractive, Sealed: []byte("AKIA"), Request: r})
	if err != nil {
		s.t.Fatal(err)
	}
	return j
}

// until waits for a job of alice to be as it should.
func (s *system) until(id string, as func(tracker.Job) bool) tracker.Job {
	s.t.Helper()
	return s.untilOf("alice", id, as)
}

func (s *system) untilOf(tenant, id string, as func(tracker.Job) bool) tracker.Job {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		j, err := s.store.Job(s.t.Context(), tenant, id)
		if err != nil {
			s.t.Fatal(err)
		}
		if as(j) {
			return j
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			cells, _ := s.store.Coverage(s.t.Context(), id)
			s.t.Fatalf("job is still %s: %+v %+v", j.State, j.Progress, cells)
		}
	}
}

func ended(j tracker.Job) bool { return j.State.Terminal() }

// cells returns the outcomes of a job by region/type.
func (s *system) cells(id string) map[string]tracker.Outcome {
	s.t.Helper()
	cells, err := s.store.Coverage(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	m := map[string]tracker.Outcome{}
	for _, c := range cells {
		m[c.AccountID+"/"+c.Region+"/"+string(c.Type)] = c.Outcome
	}
	return m
}
