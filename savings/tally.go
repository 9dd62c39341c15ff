package savings

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// maxReasons bounds how many different reasons a rule remembers: messages of
// AWS may hold anything.
const maxReasons = 5

// tally counts how one rule fares.
type tally struct {
	rule      *Rule
	gaps      map[tracker.Cell]string // by account and region
	evaluated int                     // resources decided on
	skipped   map[string]int          // resources not decided on, by reason
	undecided map[tracker.Cell]bool   // cells with such resources
	findings  int
	saving    tracker.Money
	unpriced  int
}

func newTally(rule *Rule) *tally {
	return &tally{rule: rule, gaps: map[tracker.Cell]string{}, skipped: map[string]int{}, undecided: map[tracker.Cell]bool{}}
}

// maxUndecided bounds how many cells a rule names in which it did not decide on all.
const maxUndecided = 5000

func (t *tally) skip(r tracker.Resource, why string) {
	if len(t.undecided) <= maxUndecided {
		t.undecided[tracker.Cell{AccountID: r.AccountID, Region: r.Region, Type: r.Type}] = true
	}
	if _, known := t.skipped[why]; !known && len(t.skipped) >= maxReasons {
		why = "other reasons"
	}
	t.skipped[why]++
}

func (t *tally) count(f tracker.Finding) {
	t.findings++
	switch {
	case !f.Counted:
	case f.MonthlySaving == nil:
		t.unpriced++
	default:
		t.saving += *f.MonthlySaving
	}
}

// report is what clients are told. A rule that could decide on nothing at all
// was not evaluated; one that could not decide on some says on how many.
func (t *tally) report(o Options) tracker.RuleReport {
	r := tracker.RuleReport{
		Rule: t.rule.Name, Description: o.Thresholds.fill(t.rule.Condition), Status: "evaluated",
		Findings: t.findings, MonthlySaving: t.saving, Unpriced: t.unpriced,
		Undecided: slices.SortedFunc(maps.Keys(t.undecided), tracker.CompareCells),
	}
	if len(r.Undecided) > maxUndecided {
		r.Undecided = []tracker.Cell{{AccountID: tracker.Any, Region: tracker.Any, Type: tracker.Any}}
	}
	if len(t.rule.Metrics) > 0 && !o.Metrics {
		r.Status, r.Reason = "not_evaluated", noMetrics
		return r
	}
	reasons, nothing := o.Coverage.unseen(t.rule.Types)
	for _, why := range slices.SortedFunc(maps.Keys(t.skipped), func(a, b string) int {
		return cmp.Or(cmp.Compare(t.skipped[b], t.skipped[a]), cmp.Compare(a, b))
	}) {
		reasons = append(reasons, fmt.Sprintf("%d not decided on: %s", t.skipped[why], why))
	}
	if t.evaluated == 0 && (nothing || len(t.skipped) > 0) {
		r.Status = "not_evaluated"
	}
	r.Reason = strings.Join(reasons, "; ")
	return r
}
