package parts

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// keepFindings has a history take in what was found about a scan, which is in. Of a scan that was not evaluated it takes
// in that some resources are gone.
func keepFindings(ctx context.Context, h *history.Store, st *store.Store, r store.Record) error {
	report, err := st.Evaluated(ctx, r.Job.ID)
	if err != nil && tracker.CodeOf(err) != tracker.CodeNotFound {
		return err
	}
	start := r.Job.CreatedAt
	if r.Job.StartedAt != nil {
		start = *r.Job.StartedAt
	}
	d := deciding{rules: rulesOf(report), run: r.At.UnixMilli(), before: start.UnixMilli(), earlier: map[tracker.Cell]bool{}}
	for _, cells := range r.Before {
		for _, c := range cells {
			d.earlier[c.Cell] = true
		}
	}
	accounts := slices.AppendSeq(slices.Collect(maps.Keys(r.Cells)), maps.Keys(r.Before))
	slices.Sort(accounts)
	return h.Evaluate(ctx, history.Evaluation{
		Tenant: r.Job.Owner, Job: r.Job.ID, Run: int64(r.Run), From: d.before, Accounts: slices.Compact(accounts),
		Decided: func(account string) []history.Decided {
			return append(d.decided(r.Cells[account]), d.decided(r.Before[account])...)
		},
		Findings: func(yield func(history.Finding, error) bool) {
			err := st.EachFinding(ctx, r.Job.ID, "", func(_ string, json []byte) error {
				if !yield(d.finding(json), nil) {
					return errEnough
				}
				return nil
			})
			if err != nil && !errors.Is(err, errEnough) {
				yield(history.Finding{}, err)
			}
		},
	})
}

// deciding tells where the rules of a scan have decided, and when what they decided on was seen.
type deciding struct {
	rules       map[tracker.Type][]ruled
	run, before int64
	earlier     map[tracker.Cell]bool // cells of earlier runs; when exactly is not known any more
}

// ruled is a rule that was evaluated, and the cells in which it has not decided on all.
type ruled struct {
	name      string
	undecided map[tracker.Cell]bool
}

// rulesOf are the rules that a report says were evaluated, by the types that they find.
func rulesOf(report tracker.FindingsReport) map[tracker.Type][]ruled {
	of := map[tracker.Type][]ruled{}
	for _, r := range report.ByRule {
		rule, known := savings.Find(r.Rule)
		if !known || report.Status != tracker.Evaluated || r.Status != tracker.Evaluated {
			continue
		}
		undecided := make(map[tracker.Cell]bool, len(r.Undecided))
		for _, c := range r.Undecided {
			undecided[cellOf(c.AccountID, c.Region, c.Type)] = true
		}
		if undecided[tracker.Cell{AccountID: tracker.Any, Region: tracker.Any, Type: tracker.Any}] {
			continue
		}
		for _, t := range rule.Types {
			of[t] = append(of[t], ruled{r.Rule, undecided})
		}
	}
	return of
}

func (d deciding) at(c tracker.Cell) int64 {
	if d.earlier[c] {
		return d.before
	}
	return d.run
}

// decided are the cells, of some, on all resources of which rules have decided.
func (d deciding) decided(cells []store.RecordCell) (all []history.Decided) {
	for _, c := range cells {
		for _, rule := range d.rules[c.Type] {
			if c.Outcome.Complete() && !rule.undecided[c.Cell] {
				all = append(all, history.Decided{Rule: rule.name, Place: history.Place{Region: c.Region, Type: c.Type}, At: d.at(c.Cell)})
			}
		}
	}
	return all
}

// cellOf is the cell that lists a resource. A bucket, say, is in a region of its own, and its cell is global.
func cellOf(account, region string, t tracker.Type) tracker.Cell {
	if s, ok := scanners.Find(t); ok && s.Global {
		region = tracker.Global
	}
	return tracker.Cell{AccountID: account, Region: region, Type: t}
}

// finding is a finding as the history takes it in.
func (d deciding) finding(json []byte) history.Finding {
	f := gjson.ParseBytes(json)
	text := func(member string) string { return f.Get(member).Str }
	c := cellOf(text("account_id"), text("region"), tracker.Type(text("resource_type")))
	out := history.Finding{
		ID: text("finding_id"), Rule: text("rule"), Cell: c, Resource: text("resource_id"), Confidence: text("confidence"),
		Counted: f.Get("counted").Bool(), At: d.at(c), JSON: json,
	}
	if saving := f.Get("monthly_saving"); saving.Type == gjson.Number {
		out.Saving = new(int64(tracker.Dollars(saving.Num)))
	}
	return out
}
