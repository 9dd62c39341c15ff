// Package prometheus evaluates the alerts of deploy/prometheus over series like those that
// the programs export, with Prometheus's own engine.
package prometheus

import (
	"context"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/template"
)

const rulesFile = "../../prometheus/rules.yml"

// An alarm is what an alert has to do over two hours: fire in one world, say why, and stay
// quiet in the others.
type alarm struct {
	fires   string   // series of a world in which it fires
	summary string   // what it says then
	quiet   []string // worlds in which it must not
}

// alarms has one for every alert.
var alarms = map[string]alarm{
	"TrackerDown": {
		fires:   `up{job="tracker-worker", instance="w1:9090"} 1x60 0x60`,
		summary: "tracker-worker on w1:9090 does not answer",
		quiet:   []string{`up{job="tracker-worker", instance="w1:9090"} 1x60 0 1x60`, `up{job="node", instance="n1:9100"} 0x120`},
	},
	"TrackerNoWorker": {
		fires: `
			resource_tracker_workers{job="tracker-api", instance="a1"} 2x60 0x60
			resource_tracker_workers{job="tracker-api", instance="a2"} 2x60 0x60`,
		summary: "No worker is alive",
		quiet: []string{`
			resource_tracker_workers{job="tracker-api", instance="a1"} 1x120
			resource_tracker_workers{job="tracker-api", instance="a2"} 0x120`},
	},
	"TrackerWorkersDie": {
		fires:   `resource_tracker_units_redispatched_total{instance="w1"} 0x60 0+1x60`,
		summary: "Work is lost and queued anew",
		quiet:   []string{`resource_tracker_units_redispatched_total{instance="w1"} 0x60 3x60`},
	},
	"TrackerRequestsFail": {
		fires: `
			resource_tracker_http_requests_total{method="GET", route="/a", status="200"} 0+100x120
			resource_tracker_http_requests_total{method="GET", route="/a", status="500"} _x60 1+25x60`,
		summary: "The API answers 20% of requests with an error of its own",
		quiet: []string{`
			resource_tracker_http_requests_total{method="GET", route="/a", status="200"} 0+100x120
			resource_tracker_http_requests_total{method="GET", route="/a", status="404"} 0+100x120
			resource_tracker_http_requests_total{method="GET", route="/a", status="500"} _x60 1+1x60`},
	},
	"TrackerJobStuck": {
		fires:   `resource_tracker_open_job_age_seconds{lane="interactive", instance="a1"} 0+60x120`,
		summary: "A job of the lane interactive does not end",
		quiet:   []string{`resource_tracker_open_job_age_seconds{lane="interactive", instance="a1"} 0+60x25 0+60x25 0x68`},
	},
	"TrackerBacklog": {
		fires: `
			resource_tracker_queue_latency_seconds{queue="interactive-0", instance="a1"} 0x60 45x60
			resource_tracker_queue_latency_seconds{queue="interactive-0", instance="a2"} 0x60 44x60`,
		summary: "Work waits in interactive-0",
		quiet: []string{
			`resource_tracker_queue_latency_seconds{queue="scheduled-0", instance="a1"} 0x60 900x60`,
			`resource_tracker_queue_latency_seconds{queue="actions-1", instance="a1"} 0x60 45x3 0x60`,
		},
	},
	"TrackerHistoryBehind": {
		fires: `
			resource_tracker_history_waiting_scans{instance="w1"} 0x60 3x60
			resource_tracker_history_scans_total{what="kept"} 0+1x60 60x60`,
		summary: "3 scans wait for the history, and none comes in",
		quiet: []string{
			`
			resource_tracker_history_waiting_scans{instance="w1"} 3x120
			resource_tracker_history_scans_total{what="kept"} 0+1x120`,
			`
			resource_tracker_history_waiting_scans{instance="w1"} 0x120
			resource_tracker_history_scans_total{what="kept"} 0x120`,
			`resource_tracker_history_waiting_scans{instance="a1"} 0x120`, // no worker keeps one
		},
	},
	"TrackerHistoryFails": {
		fires:   `resource_tracker_history_scans_total{what="failed"} 0x60 0+1x60`,
		summary: "Scans are taken into the history only after several tries",
		quiet:   []string{`resource_tracker_history_scans_total{what="failed"} 0x60 2x60`},
	},
	"TrackerHistoryLost": {
		fires:   `resource_tracker_history_scans_total{what="lost"} 0x60 2x60`,
		summary: "2 scans are lost to the history",
		quiet:   []string{`resource_tracker_history_scans_total{what="lost"} 2x120`},
	},
	"TrackerBillsUnread": {
		fires:   `resource_tracker_history_bills_total{what="failed"} 0x60 0+0.1x60`,
		summary: "Files that say what was billed cannot be read",
		quiet:   []string{`resource_tracker_history_bills_total{what="failed"} 0x60 1x60`},
	},
	"TrackerExportFails": {
		fires:   `resource_tracker_history_exports_total{what="failed"} 0x60 0+0.1x60`,
		summary: "The history is not written out to HISTORY_EXPORT",
		quiet:   []string{`resource_tracker_history_exports_total{what="failed"} 0x60 1x60`},
	},
	"TrackerJobsFail": {
		fires: `
			resource_tracker_jobs_ended_total{state="succeeded"} 0+3x120
			resource_tracker_jobs_ended_total{state="failed"} 0+1x120`,
		summary: "25% of jobs fail",
		quiet: []string{
			"resource_tracker_jobs_ended_total{state=\"succeeded\"} 0+9x120\nresource_tracker_jobs_ended_total{state=\"failed\"} 0+1x120",
			"resource_tracker_jobs_ended_total{state=\"succeeded\"} 0x120\nresource_tracker_jobs_ended_total{state=\"failed\"} 0x120",
		},
	},
	"TrackerCellsDenied": {
		fires: `
			resource_tracker_cells_closed_total{type="EC2_Instance", outcome="ok"} 0+90x120
			resource_tracker_cells_closed_total{type="S3_Bucket", outcome="denied"} 0+10x120`,
		summary: "10% of cells are denied",
		quiet: []string{`
			resource_tracker_cells_closed_total{type="EC2_Instance", outcome="ok"} 0+98x120
			resource_tracker_cells_closed_total{type="S3_Bucket", outcome="not_offered"} 0+90x120
			resource_tracker_cells_closed_total{type="S3_Bucket", outcome="denied"} _x10 1+2x110`},
	},
	"TrackerEvaluationsFail": {
		fires:   `resource_tracker_evaluations_total{status="not_evaluated"} 0x60 0+1x60`,
		summary: "Scans are not evaluated for savings",
		quiet:   []string{`resource_tracker_evaluations_total{status="not_evaluated"} 0x60 2x60`, `resource_tracker_evaluations_total{status="evaluated"} 0+5x120`},
	},
	"TrackerChangesUnproved": { // with the first one
		fires:   `resource_tracker_plan_items_ended_total{action="stop", state="verify_timeout"} 0x60 1x60`,
		summary: "A change by stop is not what it should be: verify_timeout",
		quiet:   []string{`resource_tracker_plan_items_ended_total{action="stop", state="verified"} 0+4x120`},
	},
	"TrackerScheduleFailing": {
		fires:   `resource_tracker_schedule_ticks_total{what="failed"} 0x60 1x60`,
		summary: "Runs of schedules do not start: failed",
		quiet:   []string{`resource_tracker_schedule_ticks_total{what="fired"} 0+1x120`},
	},
	"TrackerSchedulesLate": {
		fires:   `resource_tracker_schedule_lag_seconds{instance="w1"} 0x60 60+60x60`,
		summary: "Schedules are not fired",
		quiet:   []string{`resource_tracker_schedule_lag_seconds{instance="w1"} 0x60 360x8 0x60`},
	},
	"TrackerInventoryOld": {
		fires: `
			resource_tracker_inventory_age_seconds{tenant="shop", instance="w1"} 170000+60x120
			resource_tracker_inventory_age_seconds{tenant="shop", instance="w2"} 170001+60x120
			resource_tracker_inventory_age_seconds{tenant="data", instance="w1"} 100+60x120`,
		summary: "Nobody has looked at what shop has for 2d 0h 30m 21s",
		quiet:   []string{`resource_tracker_inventory_age_seconds{tenant="shop", instance="w1"} 172000+60x20 0+60x100`},
	},
	"TrackerCostOverBudget": {
		fires: `
			resource_tracker_budget_ratio{tenant="shop", budget="Databases", of="forecast", instance="w1"} 0.9x30 1.2x90
			resource_tracker_budget_ratio{tenant="shop", budget="Databases", of="actual", instance="w1"} 0.4x120`,
		summary: "The month of shop goes over its budget Databases",
		quiet: []string{
			`resource_tracker_budget_ratio{tenant="shop", budget="Databases", of="actual", instance="w1"} 1.4x120`,
			`resource_tracker_budget_ratio{tenant="shop", budget="Databases", of="forecast", instance="w1"} 1.4x30 1x90`,
		},
	},
	"TrackerThrottled": {
		fires: `
			resource_tracker_aws_calls_total{service="ec2", operation="DescribeInstances", code="OK"} 0+90x120
			resource_tracker_aws_calls_total{service="ec2", operation="DescribeInstances", code="RequestLimitExceeded"} _x30 1+10x90
			resource_tracker_aws_throttles_total{service="ec2", operation="DescribeInstances"} _x30 1+10x90`,
		summary: "AWS throttles 10% of calls to ec2",
		quiet: []string{`
			resource_tracker_aws_calls_total{service="ec2", operation="DescribeInstances", code="OK"} 0+90x120
			resource_tracker_aws_throttles_total{service="ec2", operation="DescribeInstances"} _x30 1+1x90`},
	},
	"TrackerBudgetEmpty": {
		fires: `
			resource_tracker_aws_budget_wait_seconds_bucket{service="ec2", le="2.187"} 0+1x120
			resource_tracker_aws_budget_wait_seconds_bucket{service="ec2", le="6.561"} 0+1x120
			resource_tracker_aws_budget_wait_seconds_bucket{service="ec2", le="19.683"} 0+10x120
			resource_tracker_aws_budget_wait_seconds_bucket{service="ec2", le="+Inf"} 0+10x120`,
		summary: "Calls to ec2 wait for the call budget",
		quiet: []string{`
			resource_tracker_aws_budget_wait_seconds_bucket{service="ec2", le="2.187"} 0+10x120
			resource_tracker_aws_budget_wait_seconds_bucket{service="ec2", le="6.561"} 0+10x120
			resource_tracker_aws_budget_wait_seconds_bucket{service="ec2", le="19.683"} 0+10x120
			resource_tracker_aws_budget_wait_seconds_bucket{service="ec2", le="+Inf"} 0+10x120`},
	},
	"TrackerRedisAway": {
		fires: `
			resource_tracker_queue_up{instance="a1"} 1x120
			resource_tracker_queue_up{instance="w1"} 1x60 0x60`,
		summary: "A program cannot read Redis",
		quiet:   []string{`resource_tracker_queue_up{instance="a1"} 1x60 0 1x60`},
	},
	"TrackerRedisErrors": {
		fires:   `resource_tracker_redis_errors_total{kind="timeout"} 0x30 0+60x90`,
		summary: "Redis answers with errors: timeout",
		quiet:   []string{`resource_tracker_redis_errors_total{kind="timeout"} 0x30 40x90`},
	},
	"TrackerRedisFull": {
		fires: `
			resource_tracker_redis_memory_used_bytes{instance="a1"} 10+10x120
			resource_tracker_redis_memory_max_bytes{instance="a1"} 1000x120`,
		summary: "Redis is 86% full",
		quiet: []string{
			`resource_tracker_redis_memory_used_bytes{instance="a1"} 900x120`, // it has no maxmemory
			"resource_tracker_redis_memory_used_bytes{instance=\"a1\"} 790x120\nresource_tracker_redis_memory_max_bytes{instance=\"a1\"} 1000x120",
		},
	},
}

func TestAlertsOverData(t *testing.T) {
	p := parser.NewParser(parser.Options{})
	file, errs := rulefmt.ParseFile(rulesFile, false, model.UTF8Validation, p, slog.New(slog.DiscardHandler))
	for _, err := range errs {
		t.Fatal(err)
	}
	left := maps.Clone(alarms)
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			delete(left, r.Alert)
			t.Run(r.Alert, func(t *testing.T) {
				a, ok := alarms[r.Alert]
				if !ok || len(a.quiet) == 0 {
					t.Fatal("no world is written down in which it fires, and one in which it does not")
				}
				if said := fired(t, r, world(t, a.fires)); !slices.Equal(said, []string{a.summary}) {
					t.Errorf("it says %q, wanted %q", said, a.summary)
				}
				for _, q := range a.quiet {
					if said := fired(t, r, world(t, q)); len(said) > 0 {
						t.Errorf("it says %q over\n%s", said, q)
					}
				}
			})
		}
	}
	for name := range left {
		t.Errorf("%s is no alert", name)
	}
}

// fired evaluates a rule once a minute over two hours, and answers the summary of each alert that
// fires: of a series that has been true for as long as the rule waits. A series says it once.
func fired(t *testing.T, r rulefmt.Rule, m memory) (said []string) {
	t.Helper()
	engine := promql.NewEngine(promql.EngineOpts{
		Logger: slog.New(slog.DiscardHandler), MaxSamples: 1 << 20, Timeout: time.Minute, Parser: parser.NewParser(parser.Options{}),
	})
	since := map[string]time.Time{}
	told := map[string]bool{}
	for now := time.Unix(0, 0); now.Before(time.Unix(0, 0).Add(2 * time.Hour)); now = now.Add(step) {
		query, err := engine.NewInstantQuery(t.Context(), m, nil, r.Expr, now)
		if err != nil {
			t.Fatal(err)
		}
		vector, err := query.Exec(t.Context()).Vector()
		if err != nil {
			t.Fatal(err)
		}
		holds := map[string]bool{}
		for _, s := range vector {
			key := s.Metric.String()
			holds[key] = true
			if _, ok := since[key]; !ok {
				since[key] = now
			}
			if now.Sub(since[key]) >= time.Duration(r.For) && !told[key] {
				told[key] = true
				said = append(said, expand(t, r, s))
			}
		}
		maps.DeleteFunc(since, func(key string, _ time.Time) bool { return !holds[key] })
		query.Close()
	}
	return said
}

// expand writes an alert's summary as Prometheus sends it.
func expand(t *testing.T, r rulefmt.Rule, s promql.Sample) string {
	t.Helper()
	var text string
	for _, name := range []string{"description", "summary"} { // both have to expand
		data := template.AlertTemplateData(s.Metric.Map(), nil, "", s)
		const defs = "{{$labels := .Labels}}{{$value := .Value}}"
		none := func(context.Context, string, time.Time) (promql.Vector, error) { return nil, nil }
		var err error
		text, err = template.NewTemplateExpander(t.Context(), defs+r.Annotations[name], r.Alert, data, 0, none, &url.URL{}, nil).Expand()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	return text
}
