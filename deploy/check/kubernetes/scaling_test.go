package kubernetes

import (
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestScaledObject_AsksForWhatThereIs: workers are scaled by metrics that the programs export, of this
// installation, and of the lanes that people wait for.
func TestScaledObject_AsksForWhatThereIs(t *testing.T) {
	want := map[string]string{
		"resource_tracker_queue_tasks":           "interactive scheduled actions",
		"resource_tracker_queue_latency_seconds": "interactive actions",
	}
	for _, o := range rendered(t, "monitored") {
		if o.Kind != "ScaledObject" {
			continue
		}
		for _, trigger := range field[[]any](o.Raw, "spec", "triggers") {
			query := field[string](trigger.(map[string]any), "metadata", "query")
			expr, err := parser.NewParser(parser.Options{}).ParseExpr(query)
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			// Every process says the same of Redis.
			if !strings.Contains(query, "max") {
				t.Errorf("%s counts the queues once for each process", query)
			}
			parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
				if selector, ok := node.(*parser.VectorSelector); ok {
					if got := lanes(t, selector); got != want[selector.Name] || got == "" {
						t.Errorf("%s asks for the lanes %s", query, got)
					}
					delete(want, selector.Name)
				}
				return nil
			})
		}
	}
	if len(want) > 0 {
		t.Errorf("nothing asks for %v", want)
	}
}

// lanes are those whose queues a selector takes.
func lanes(t *testing.T, selector *parser.VectorSelector) string {
	t.Helper()
	var found []string
	for _, lane := range []tracker.Lane{tracker.LaneInteractive, tracker.LaneScheduled, tracker.LaneActions, tracker.LaneWebhooks} {
		series := labels.FromStrings(labels.MetricName, selector.Name, "namespace", "resource-tracker", "queue", string(lane)+"-3", "state", "pending")
		if !slices.ContainsFunc(selector.LabelMatchers, func(m *labels.Matcher) bool { return !m.Matches(series.Get(m.Name)) }) {
			found = append(found, string(lane))
		}
	}
	return strings.Join(found, " ")
}
