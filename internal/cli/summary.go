package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

var jobColumns = []output.Column{
	{Name: "job", Path: "job_id", Kind: output.ID},
	{Name: "state", Kind: output.State},
	{Name: "complete"},
	{Name: "resources", Path: "summary.total_resources", Kind: output.Number},
	{Name: "cost", Path: "cost_summary.estimated_monthly_total", Kind: output.Money},
	{Name: "created", Path: "created_at", Kind: output.Time},
	{Name: "kind", Wide: true},
	{Name: "lane", Wide: true},
	{Name: "reason", Wide: true},
}

// typeSum is a line of the summary of a scan.
type typeSum struct {
	Type      string   `json:"type"`
	Resources int      `json:"resources"`
	Cost      *float64 `json:"cost"`
}

var typeSumColumns = []output.Column{{Name: "type", Kind: output.ID}, {Name: "resources", Kind: output.Number}, {Name: "cost", Kind: output.Money}}

// cause is why cells could not be read: those with one outcome and message.
type cause struct {
	outcome, message string
	cells            int
	where, call      string // of one of them
}

// mostCauses is how many causes a summary names.
const mostCauses = 12

// unseen prints what could not be read, and why.
func (e *env) unseen(job *client.JobAnswer) error {
	all := causes(job.Errors)
	if len(all) == 0 {
		return nil
	}
	e.say("")
	e.say("What could not be read:")
	for _, c := range all[:min(mostCauses, len(all))] {
		such := strings.TrimSpace(c.where + " " + c.call)
		if c.cells > 1 {
			such = "such as " + such
		}
		outcome := output.Paint(e.colored(e.stdout), output.StateColor(c.outcome), c.outcome)
		fmt.Fprintf(e.stdout, "  %s: %s\n", outcome, output.Clean(fmt.Sprintf("%s, %s", plural(c.cells, "cell"), such)))
		e.say("      %s", c.message)
	}
	if more := len(all) - mostCauses; more > 0 {
		e.say("  and %s: tracker scan --watch %s -o json", plural(more, "more cause"), job.JobID)
	}
	e.note("tracker scan --retry %s scans these again; tracker access-check says which permissions are missing", job.JobID)
	return nil
}

// causes are the failures with one outcome and message together, those of most cells first.
func causes(groups []client.FailureGroup) []cause {
	var all []cause
	for _, g := range groups {
		i := slices.IndexFunc(all, func(c cause) bool { return c.outcome == g.Outcome && c.message == g.Message })
		if i < 0 {
			where := strings.TrimSpace(cmp.Or(g.Example.Region, "global") + " " + g.Example.ResourceType)
			all = append(all, cause{outcome: g.Outcome, message: g.Message, where: where, call: g.API})
			i = len(all) - 1
		}
		all[i].cells += g.Cells
	}
	slices.SortStableFunc(all, func(a, b cause) int { return cmp.Compare(b.cells, a.cells) })
	return all
}

// scanned prints what a scan that has ended has found, and what it could not read.
func (e *env) scanned(t *client.Tracker, job *client.JobAnswer) error {
	err := e.one(job, jobColumns, func() error { return e.scanTable(t, job) })
	if err != nil {
		return err
	}
	return ends(exitOf(job))
}

func (e *env) scanTable(t *client.Tracker, job *client.JobAnswer) error {
	e.say("Scan %s %s.%s", job.JobID, ended(job), because(job.Reason))
	e.say("%s, $%s a month at list prices%s.", plural(job.Summary.TotalResources, "resource"),
		output.Dollars(job.CostSummary.EstimatedMonthlyTotal), unpriced(job.CostSummary.ResourcesWithUnknownCost))
	if len(job.Summary.ByType) > 0 {
		e.say("")
		if err := e.table(typeSumColumns, output.Of(typeSums(job))); err != nil {
			return err
		}
	}
	if err := e.unseen(job); err != nil {
		return err
	}
	found, err := t.ListFindings(e.ctx, job.JobID, &client.ListFindingsParams{Limit: 1})
	if err == nil && found.Summary.MonthlySaving != nil && found.Summary.Findings > 0 {
		e.say("")
		e.say("%s would save $%s a month: tracker findings --job %s", plural(found.Summary.Findings, "finding"), output.Dollars(*found.Summary.MonthlySaving), job.JobID)
	}
	return nil
}

// ended says how a scan has ended, of how much, and how long it took.
func ended(job *client.JobAnswer) string {
	what := map[string]string{
		"succeeded": "succeeded, and has seen everything", "partial": "is partial, and could not see everything", "failed": "failed", "cancelled": "was cancelled",
	}[job.State]
	if what == "" {
		what = "is " + job.State
	}
	out := fmt.Sprintf("%s: %s", what, plural(job.Progress.CellsTotal, "cell"))
	if n := len(job.CostSummary.ByAccount); n > 1 {
		out += fmt.Sprintf(" in %d accounts", n)
	}
	if job.StartedAt != nil && job.FinishedAt != nil {
		out += fmt.Sprintf(", in %s", short(job.FinishedAt.Sub(*job.StartedAt)))
	}
	return out
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return " " + strings.TrimSuffix(reason, ".") + "."
}

func unpriced(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %s without a known cost", output.Thousands(float64(n), 0))
}

// typeSums are the types of a scan, the costliest first. The cost of a type that has no sum is not known, or nothing.
func typeSums(job *client.JobAnswer) []typeSum {
	var out []typeSum
	for _, name := range slices.Sorted(maps.Keys(job.Summary.ByType)) {
		sum := typeSum{Type: name, Resources: job.Summary.ByType[name]}
		if cost, ok := job.CostSummary.ByResourceType[name]; ok {
			sum.Cost = &cost
		}
		out = append(out, sum)
	}
	slices.SortStableFunc(out, func(a, b typeSum) int {
		return cmp.Or(cmp.Compare(value(b.Cost), value(a.Cost)), cmp.Compare(b.Resources, a.Resources))
	})
	return out
}

func value(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}

// short is a duration as people say it: 2.5 s, 3 m 20 s, 1 h 5 m.
func short(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d m %d s", int(d.Minutes()), int(d.Seconds())%60)
	default:
		return fmt.Sprintf("%d h %d m", int(d.Hours()), int(d.Minutes())%60)
	}
}
