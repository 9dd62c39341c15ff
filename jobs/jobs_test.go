package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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

func fail(o tracker.Outcome) error {
	return &tracker.Failure{Outcome: o, Code: string(o), Message: "why"}
}

// opener is a key that everything fits.
type opener struct{}

func (opener) Open(b []byte) (tracker.Credentials, error) {
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

func start(t testing.TB, account *aws, o jobs.Options) *system {
	t.Helper()
	rdb := redistest.Start(t).Client(t)
	s := &system{t: t, rdb: rdb, store: store.New(rdb, store.Options{}), opts: o}
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

// until waits for a job to be as it should.
func (s *system) until(id string, as func(tracker.Job) bool) tracker.Job {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		j, err := s.store.Job(s.t.Context(), "alice", id)
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

func TestScan_Complete(t *testing.T) {
	s := start(t, &aws{id: "1", regions: []string{"a", "b"}}, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobSucceeded || j.Summary.TotalResources != 10 {
		t.Errorf("%s with %d resources, want succeeded with 10", j.State, j.Summary.TotalResources)
	}
	want := map[string]tracker.Outcome{
		"1/a/EBS_Volume": "ok", "1/a/EC2_Instance": "ok", "1/b/EBS_Volume": "ok", "1/b/EC2_Instance": "ok", "1/global/IAM_User": "ok",
	}
	if diff := cmp.Diff(want, s.cells(j.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestScan_Selection(t *testing.T) {
	s := start(t, &aws{id: "1", list: func() error { return errors.New("the regions were given") }}, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{Regions: []string{"b"}, Types: []tracker.Type{"EBS_Volume"}}).ID, ended)
	if diff := cmp.Diff(map[string]tracker.Outcome{"1/b/EBS_Volume": "ok"}, s.cells(j.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestScan_RegionListDenied(t *testing.T) {
	s := start(t, &aws{id: "1", list: func() error { return fail(tracker.OutcomeDenied) }}, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobFailed || j.Reason != "denied: why" {
		t.Errorf("%s because %q", j.State, j.Reason)
	}
	if diff := cmp.Diff(map[string]tracker.Outcome{"self/*/*": "denied"}, s.cells(j.ID)); diff != "" {
		t.Error(diff)
	}
}

func TestScan_FailuresAreNamedAndKept(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a", "b"}}
	account.scan = func(_ context.Context, region string, typ tracker.Type) error {
		if region == "b" && typ == "EBS_Volume" {
			return fail(tracker.OutcomeDenied)
		}
		return nil
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobPartial || j.Summary.TotalResources != 9 {
		t.Errorf("%s with %d resources, want partial with 9: one was found before the denial", j.State, j.Summary.TotalResources)
	}
	account.scan = nil
	before := len(account.calls)
	if _, err := s.client.Retry(t.Context(), "alice", j.ID, []byte("AKIA")); err != nil {
		t.Fatal(err)
	}
	j = s.until(j.ID, ended)
	if j.State != tracker.JobSucceeded || j.Summary.TotalResources != 10 {
		t.Errorf("after the retry: %s with %d resources", j.State, j.Summary.TotalResources)
	}
	if diff := cmp.Diff([]string{"b/EBS_Volume"}, account.calls[before:]); diff != "" {
		t.Errorf("the retry listed more than what failed: %s", diff)
	}
}

func TestScan_ErrorsAreTriedAgain(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a"}}
	var failed atomic.Bool
	account.scan = func(_ context.Context, _ string, typ tracker.Type) error {
		if typ == "EBS_Volume" && failed.CompareAndSwap(false, true) {
			return fail(tracker.OutcomeError)
		}
		return nil
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobSucceeded || j.Summary.TotalResources != 6 {
		t.Errorf("%s with %d resources, want succeeded with 6", j.State, j.Summary.TotalResources)
	}
}

func TestScan_ThrottledRegionGivesItsSlotAway(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a"}}
	var throttled atomic.Bool
	throttled.Store(true)
	account.scan = func(_ context.Context, region string, _ tracker.Type) error {
		if region == "a" && throttled.Load() {
			return fail(tracker.OutcomeThrottled)
		}
		return nil
	}
	s := start(t, account, jobs.Options{Concurrency: 1})
	slow := s.submit(tracker.ScanRequest{Regions: []string{"a"}, Types: []tracker.Type{"EBS_Volume"}})
	s.until(slow.ID, func(tracker.Job) bool {
		account.mu.Lock()
		defer account.mu.Unlock()
		return slices.Contains(account.calls, "a/EBS_Volume")
	})
	quick := s.until(s.submit(tracker.ScanRequest{Regions: []string{"b"}}).ID, ended)
	if j := s.until(slow.ID, func(tracker.Job) bool { return true }); quick.State != tracker.JobSucceeded || ended(j) {
		t.Errorf("the other region %s, the throttled one %s", quick.State, j.State)
	}
	throttled.Store(false)
	if j := s.until(slow.ID, ended); j.State != tracker.JobSucceeded {
		t.Errorf("the throttled scan ended %s", j.State)
	}
}

func TestScan_DeadCredentialsEndTheJob(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a"}}
	var expired atomic.Bool
	account.identity = func() error {
		if expired.Load() {
			return fail(tracker.OutcomeBadCreds)
		}
		return nil
	}
	account.scan = func(ctx context.Context, _ string, typ tracker.Type) error {
		if typ == "EC2_Instance" {
			expired.Store(true)
			return fail(tracker.OutcomeBadCreds)
		}
		if typ == "EBS_Volume" {
			<-ctx.Done()
		}
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{Regions: []string{"a"}}).ID, ended)
	if j.State.Terminal() && j.Progress.ByOutcome[tracker.OutcomeBadCreds] < 2 || j.Reason == "" || j.State == tracker.JobSucceeded {
		t.Errorf("%s because %q: %v", j.State, j.Reason, j.Progress.ByOutcome)
	}
}

// otherKey opens nothing.
type otherKey struct{}

func (otherKey) Open([]byte) (tracker.Credentials, error) {
	return tracker.Credentials{}, tracker.Errorf(tracker.CodeConflict, "sealed to another key")
}

func TestScan_CredentialsSealedToAnotherKeyEndTheJob(t *testing.T) {
	s := start(t, &aws{id: "1"}, jobs.Options{Opener: otherKey{}})
	j := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if j.State != tracker.JobFailed || j.Reason != "sealed to another key" || j.Progress.ByOutcome[tracker.OutcomeBadCreds] != 1 {
		t.Errorf("%s because %q: %v", j.State, j.Reason, j.Progress.ByOutcome)
	}
}

func TestCancel_CutsRunningCalls(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a"}}
	blocked, cut := make(chan struct{}), make(chan struct{})
	account.scan = func(ctx context.Context, _ string, typ tracker.Type) error {
		if typ != "EBS_Volume" {
			return nil
		}
		close(blocked)
		<-ctx.Done()
		close(cut)
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{Beat: time.Hour}) // by the announcement alone
	j := s.submit(tracker.ScanRequest{Types: []tracker.Type{"EBS_Volume", "EC2_Instance"}})
	<-blocked
	s.until(j.ID, func(j tracker.Job) bool { return j.Progress.CellsClosed == 1 })
	got, err := s.client.Cancel(t.Context(), "alice", j.ID)
	if err != nil || got.State != tracker.JobCancelled || got.Summary.TotalResources != 2 {
		t.Errorf("%s with %d resources, %v", got.State, got.Summary.TotalResources, err)
	}
	<-cut
	if _, err := s.client.Cancel(t.Context(), "alice", j.ID); err != nil {
		t.Errorf("cancelled twice: %v", err)
	}
}

func TestDeadline_KeepsWhatWasFound(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a"}}
	account.scan = func(ctx context.Context, _ string, typ tracker.Type) error {
		if typ == "EBS_Volume" {
			<-ctx.Done()
		}
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{TimeoutSeconds: 1}).ID, ended)
	if j.State != tracker.JobPartial || j.Progress.ByOutcome[tracker.OutcomeTimeout] != 1 || j.Summary.TotalResources != 4 {
		t.Errorf("%s with %d resources: %v", j.State, j.Summary.TotalResources, j.Progress.ByOutcome)
	}
}

func TestStop_HandsBack(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a"}}
	blocked := make(chan struct{})
	var first atomic.Bool
	account.scan = func(ctx context.Context, _ string, typ tracker.Type) error {
		if typ == "EBS_Volume" && first.CompareAndSwap(false, true) {
			close(blocked)
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	s := start(t, account, jobs.Options{Grace: 50 * time.Millisecond})
	j := s.submit(tracker.ScanRequest{})
	<-blocked
	s.worker()
	s.first.Stop()
	if j := s.until(j.ID, ended); j.State != tracker.JobSucceeded || j.Summary.TotalResources != 6 {
		t.Errorf("%s with %d resources, want succeeded with 6", j.State, j.Summary.TotalResources)
	}
}

func TestSubmit_Once(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a"}}
	release := make(chan struct{})
	account.scan = func(ctx context.Context, _ string, _ tracker.Type) error {
		select {
		case <-release:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{})
	sub := tracker.Submission{Owner: "alice", Lane: tracker.LaneInteractive, Sealed: []byte("AKIA"), IdempotencyKey: "k"}
	submit := func() (tracker.Job, bool) {
		t.Helper()
		j, created, err := s.client.Submit(t.Context(), sub)
		if err != nil {
			t.Fatal(err)
		}
		return j, created
	}
	one, created := submit()
	if again, second := submit(); !created || second || again.ID != one.ID {
		t.Errorf("the same key made %s and %s", one.ID, again.ID)
	}
	sub.IdempotencyKey = ""
	joined, created := submit()
	if created || joined.ID == one.ID {
		t.Errorf("the second of the same scans: %s, created %v", joined.ID, created)
	}
	sub.OwnFlight = true
	if own, created := submit(); !created || own.ID == one.ID {
		t.Errorf("own flight: %s, created %v", own.ID, created)
	}
	close(release)
	if a, b := s.until(one.ID, ended), s.until(joined.ID, ended); a.ID != b.ID || a.State != tracker.JobSucceeded {
		t.Errorf("%s is %s, %s is %s", a.ID, a.State, b.ID, b.State)
	}
	sub.OwnFlight = false
	if next, created := submit(); !created || next.ID == one.ID {
		t.Errorf("a finished flight was joined")
	}
}

func TestSubmit_Accounts(t *testing.T) {
	roles := []tracker.AccountRef{{RoleARN: "arn:aws:iam::111111111111:role/r"}, {RoleARN: "arn:aws:iam::222222222222:role/r", Regions: []string{"z"}}}
	var opened sync.Map
	s := start(t, nil, jobs.Options{Open: func(_ context.Context, c tracker.Credentials) (kernel.Account, error) {
		opened.Store(c.RoleARN, true)
		if c.RoleARN == roles[0].RoleARN {
			return &aws{identity: func() error { return fail(tracker.OutcomeDenied) }}, nil
		}
		return &aws{id: "222222222222", regions: []string{"a"}}, nil
	}})
	j := s.until(s.submit(tracker.ScanRequest{Accounts: roles}).ID, ended)
	want := map[string]tracker.Outcome{
		"111111111111/*/*": "denied", "222222222222/z/EBS_Volume": "ok", "222222222222/z/EC2_Instance": "ok", "222222222222/global/IAM_User": "ok",
	}
	if diff := cmp.Diff(want, s.cells(j.ID)); diff != "" || j.State != tracker.JobPartial {
		t.Errorf("%s: %s", j.State, diff)
	}
	for name, r := range map[string]tracker.ScanRequest{
		"one account twice": {Accounts: []tracker.AccountRef{roles[0], roles[0]}},
		"no role":           {Accounts: []tracker.AccountRef{{RoleARN: "arn:aws:s3:::b"}}},
		"both":              {Accounts: roles, Organization: true},
		"switched off":      {Organization: true},
	} {
		if _, _, err := s.client.Submit(t.Context(), tracker.Submission{Owner: "alice", Request: r}); tracker.CodeOf(err) != tracker.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSubmit_Organization(t *testing.T) {
	for region, role := range map[string]string{
		"us-east-1":     "arn:aws:iam::222222222222:role/audit",
		"cn-north-1":    "arn:aws-cn:iam::222222222222:role/audit",
		"us-gov-west-1": "arn:aws-us-gov:iam::222222222222:role/audit",
	} {
		t.Run(region, func(t *testing.T) {
			s := start(t, nil, jobs.Options{OrganizationRole: "audit", Open: func(_ context.Context, c tracker.Credentials) (kernel.Account, error) {
				if c.RoleARN == role {
					return &aws{id: "222222222222", regions: []string{"a"}}, nil
				}
				return &aws{id: "111111111111", home: region, regions: []string{"a"}, members: []string{"111111111111", "222222222222"}}, nil
			}})
			j := s.until(s.submit(tracker.ScanRequest{Organization: true, Types: []tracker.Type{"EBS_Volume"}}).ID, ended)
			want := map[string]tracker.Outcome{"111111111111/a/EBS_Volume": "ok", "222222222222/a/EBS_Volume": "ok"}
			if diff := cmp.Diff(want, s.cells(j.ID)); diff != "" || j.State != tracker.JobSucceeded {
				t.Errorf("%s: %s", j.State, diff)
			}
		})
	}
}

func TestMaxWorkers_LimitsRegionsAtOnce(t *testing.T) {
	account := &aws{id: "1"}
	for i := range 12 {
		account.regions = append(account.regions, fmt.Sprint("r", i))
	}
	var now, peak atomic.Int32
	account.scan = func(context.Context, string, tracker.Type) error {
		peak.Store(max(peak.Load(), now.Add(1)))
		<-time.After(2 * time.Millisecond) // time for others to come in, if they may
		now.Add(-1)
		return nil
	}
	s := start(t, account, jobs.Options{})
	j := s.until(s.submit(tracker.ScanRequest{MaxWorkers: 2, Types: []tracker.Type{"EBS_Volume"}}).ID, ended)
	if j.State != tracker.JobSucceeded || j.Summary.TotalResources != 24 || peak.Load() > 2 {
		t.Errorf("%s with %d resources, %d regions at once", j.State, j.Summary.TotalResources, peak.Load())
	}
}

func TestLanes_ScheduledWorkDelaysNobody(t *testing.T) {
	account := &aws{id: "1", regions: []string{"a"}}
	release := make(chan struct{})
	account.scan = func(ctx context.Context, region string, _ tracker.Type) error {
		if region == "slow" {
			select {
			case <-release:
			case <-ctx.Done():
			}
		}
		return ctx.Err()
	}
	s := start(t, account, jobs.Options{Concurrency: 4})
	defer close(release)
	for i := range 20 {
		sub := tracker.Submission{Owner: fmt.Sprint("tenant", i), Lane: tracker.LaneScheduled, Sealed: []byte("AKIA"), Request: tracker.ScanRequest{Regions: []string{"slow"}}}
		if _, _, err := s.client.Submit(t.Context(), sub); err != nil {
			t.Fatal(err)
		}
	}
	if j := s.until(s.submit(tracker.ScanRequest{}).ID, ended); j.State != tracker.JobSucceeded {
		t.Errorf("the interactive scan ended %s", j.State)
	}
}
