package telemetry_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/telemetry"
	"github.com/consolesensei/resource-tracker/tracker"
)

// series are the labels of metrics, by the name that a scrape shows.
type series map[string]map[string]bool

// label is one label of a line of a scrape.
var label = regexp.MustCompile(`([a-z_]+)="((?:[^"\\]|\\.)*)"`)

// exported is what the programs export when everything that is counted has happened. A
// metric that is not told of here is not exported for the tests either.
func exported(t *testing.T) series {
	t.Helper()
	ctx, log := t.Context(), slog.New(slog.DiscardHandler)
	m := telemetry.NewMetrics("worker")
	rdb := redistest.StartNode(t, "maxmemory 100mb").Client(t)
	m.WatchRedis(rdb)
	m.WatchQueues(rdb, []string{"interactive-0"}, log)
	m.WatchNodes(rdb, false, log)
	m.WatchBacklog(func(context.Context) (telemetry.Backlog, error) {
		return telemetry.Backlog{Jobs: map[tracker.Lane]telemetry.OpenJobs{tracker.LaneInteractive: {}}}, nil
	}, log)
	m.WatchEstate(func(context.Context) (telemetry.Estate, error) {
		of := []telemetry.EstateOf{{Tenant: "t", Key: "k"}}
		return telemetry.Estate{Resources: of, Findings: of, Budgets: []telemetry.BudgetRatio{{Tenant: "t", Name: "b"}}, Newest: map[string]time.Time{"t": time.Now()}}, nil
	}, log)
	m.Job(tracker.JobFailed)
	m.Cell(ctx, "EC2_Instance", tracker.OutcomeOK, time.Second)
	m.PutBack("EC2_Instance", tracker.OutcomeThrottled)
	m.Redispatch()
	m.Plan(tracker.PlanFailed)
	m.Item("stop", tracker.ItemFailed)
	m.Tick("fired")
	m.Kept("kept")
	m.Scan(tracker.Job{Kind: tracker.KindScan, Lane: tracker.LaneInteractive, FinishedAt: new(time.Now())})
	m.Found(tracker.FindingsReport{Status: tracker.Evaluated, ByRule: []tracker.RuleReport{{Rule: "idle"}}})
	m.Request(ctx, "GET", "/", 200, time.Second)
	call := telemetry.Call{Service: "ec2", Operation: "DescribeInstances", Throttled: true}
	m.Call(ctx, call)
	call.Unsent = true
	m.Call(ctx, call)

	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	out := series{"up": {}} // which Prometheus has of each target
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name := line[:strings.IndexAny(line, "{ ")]
		if out[name] == nil {
			out[name] = map[string]bool{}
		}
		for _, l := range label.FindAllStringSubmatch(line, -1) {
			out[name][l[1]] = true
		}
	}
	if len(out) < 50 {
		t.Fatalf("the programs export %d series only:\n%s", len(out), w.Body)
	}
	return out
}

// bounds says what bounds the values of each label of our own metrics.
var bounds = map[string]string{
	"action":    "the catalogue of actions",
	"budget":    "the budgets of tenants; a scrape has 10,000 at most",
	"code":      "AWS's codes, 300 at most",
	"cost":      "known or unknown",
	"kind":      "four kinds of errors",
	"lane":      "the lanes",
	"le":        "the buckets",
	"method":    "HTTP's methods, and other",
	"of":        "actual or forecast",
	"operation": "the calls that scanners and actions make",
	"outcome":   "the outcomes",
	"program":   "api or worker",
	"queue":     "the queues",
	"route":     "the routes, and unmatched",
	"rule":      "the catalogue of savings",
	"service":   "the services of the catalogues",
	"state":     "the states of jobs, plans, items or tasks",
	"status":    "HTTP's statuses; whether a scan was evaluated",
	"tenant":    "the tenants; a scrape has 10,000 series of each metric at most",
	"type":      "the catalogue of scanners",
	"version":   "one of each program",
	"what":      "what becomes of a tick",
}

func TestEveryLabelIsBounded(t *testing.T) {
	docs, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, labels := range exported(t) {
		short, own := strings.CutPrefix(name, "resource_tracker_")
		if !own {
			continue
		}
		for l := range labels {
			if bounds[l] == "" {
				t.Errorf("%s: nothing is said to bound the values of %s", name, l)
			}
		}
		if !strings.Contains(string(docs), "`"+base(short)+"`") {
			t.Errorf("docs/operations.md does not name `%s`", base(short))
		}
	}
}

// base is the name of a histogram, of one of its series.
func base(name string) string {
	for _, end := range []string{"_bucket", "_sum", "_count"} {
		if cut, ok := strings.CutSuffix(name, end); ok {
			return cut
		}
	}
	return name
}
