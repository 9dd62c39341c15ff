package parts

import (
	"context"
	"encoding/json"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// pastEvaluation is what rules find in a reading of the past, as they would have in a scan of that day.
func pastEvaluation(ctx context.Context, s history.Scan, find func(context.Context, scans.Scanned, func(tracker.Finding) error) (tracker.FindingsReport, error)) (history.Evaluation, error) {
	account, rows, seen := s.Accounts[0], map[tracker.Type][][]byte{}, []store.RecordCell{}
	scanned := scans.Scanned{Job: tracker.Job{ID: s.Job, Owner: s.Tenant, CreatedAt: time.UnixMilli(s.At)}}
	for _, c := range s.Cells(account) {
		cell := tracker.CellReport{Cell: tracker.Cell{AccountID: account, Region: c.Region, Type: c.Type}, Outcome: c.Outcome}
		scanned.Coverage = append(scanned.Coverage, cell)
		seen = append(seen, store.RecordCell{Cell: cell.Cell, Outcome: c.Outcome})
		if !c.Outcome.Complete() {
			continue
		}
		for row, err := range s.Rows(account, c) {
			if err != nil {
				return history.Evaluation{}, err
			}
			rows[c.Type] = append(rows[c.Type], row.JSON)
		}
	}
	scanned.Each = func(_ context.Context, types []tracker.Type, row func([]byte) error) error {
		for _, t := range types {
			for _, b := range rows[t] {
				if err := row(b); err != nil {
					return err
				}
			}
		}
		return nil
	}
	var found [][]byte
	report, err := find(ctx, scanned, func(f tracker.Finding) error {
		b, err := json.Marshal(f)
		found = append(found, b)
		return err
	})
	d := deciding{rules: rulesOf(report), run: s.At}
	return history.Evaluation{
		Tenant: s.Tenant, Job: s.Job, Run: s.Run, From: s.At, Accounts: s.Accounts,
		Decided: func(string) []history.Decided { return d.decided(seen) },
		Findings: func(yield func(history.Finding, error) bool) {
			for _, b := range found {
				if !yield(d.finding(b), nil) {
					return
				}
			}
		},
	}, err
}
