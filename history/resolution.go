package history

import (
	"maps"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/tracker"
)

// The ways in which findings are resolved.
const (
	Gone     = "gone"     // a scan saw that the resource is not there any more
	Repaired = "repaired" // the rule has decided on the cell, and does not find it any more
)

// resolved is a finding that is resolved.
type resolved struct {
	standing
	resource   *int64
	resolution string
	at         int64
}

// account resolves an account's findings, and notes what was decided on.
func (v *evaluating) account(aws string) error {
	account, ok := v.accounts[aws]
	if !ok { // it was forgotten
		return nil
	}
	decided, cells := map[Place]Decided{}, map[int64][]Cell{}
	oldest := v.at
	for _, d := range v.Decided(aws) {
		if !v.supersedes(d, aws) {
			decided[d.place()] = d
			cells[d.At] = append(cells[d.At], Cell{d.place(), tracker.OutcomeOK})
			oldest = min(oldest, d.At)
		}
	}
	for cursor := int64(0); ; {
		last, ended, err := v.ended(account, decided, cursor)
		if err == nil {
			err = v.resolve(ended)
		}
		if err != nil {
			return err
		}
		if cursor = last; last == 0 {
			break
		}
	}
	for at, of := range cells {
		coverage, err := v.s.cover(v.tx, of)
		if err != nil {
			return err
		}
		if err := v.exec(`INSERT INTO evaluation (account, at, scan, coverage) VALUES ($1, $2, $3, $4)`, account, at, v.scan, coverage); err != nil {
			return err
		}
	}
	if len(cells) == 0 {
		return nil
	}
	return v.exec(`UPDATE account SET evaluated = $1 WHERE id = $2 AND evaluated < $1`, oldest, account)
}

// ended reads a page of open findings, and picks those that are so no more. last is 0 at the end.
func (v *evaluating) ended(account int64, decided map[Place]Decided, cursor int64) (last int64, all []resolved, err error) {
	var f resolved
	var hash, since *int64
	n := 0
	err = each(v.ctx, v, `SELECT `+standings+`, r.id, r.hash, r.since FROM finding f JOIN account a ON a.id = f.account
		LEFT JOIN cell c ON c.account = f.account AND c.region = f.region AND c.type = f.type LEFT JOIN resource r ON r.cell = c.id AND r.rid = f.rid
		WHERE f.account = $1 AND f.id > $2 AND f.resolved_at IS NULL ORDER BY f.id LIMIT 1000`, []any{account, cursor},
		append(f.fields(), &f.resource, &hash, &since), func() error {
			last, n = f.id, n+1
			d, ok := decided[Decided{Rule: f.rule, Place: Place{f.region, tracker.Type(f.kind)}}.place()]
			switch {
			case f.resource != nil && hash == nil && *since > f.seen:
				f.resolution, f.at = Gone, *since
			case ok && f.scan != v.scan && d.At >= f.seen:
				f.resolution, f.at = Repaired, d.At
			default:
				return nil
			}
			all = append(all, f)
			return nil
		})
	if n < pageRows {
		last = 0
	}
	return last, all, err
}

// resolve resolves findings, with what the resource costs less than before, where that is known.
func (v *evaluating) resolve(ended []resolved) error {
	var n Version
	before, after := map[int64]*int64{}, map[int64]*int64{}
	times := map[int64][]resolved{}
	for _, f := range ended {
		if f.resource != nil {
			times[*f.resource] = append(times[*f.resource], f)
		}
	}
	err := each(v.ctx, v, `SELECT `+columns+` FROM version v WHERE `+v.s.in("v.resource", "$1"), []any{v.s.of(slices.Collect(maps.Keys(times)))}, n.fields(), func() error {
		json, err := v.s.decode(v.ctx, n.body)
		if n.Cost == nil || gjson.GetBytes(json, "cost.upper_bound").Bool() { // what others share stays
			return err
		}
		cost := *n.Cost
		for _, f := range times[n.Resource] {
			if n.From <= f.seen && f.seen < n.To {
				before[f.id] = &cost
			}
			if n.From <= f.at && f.at < n.To {
				after[f.id] = &cost
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	var rows [][]any
	for _, f := range ended {
		v.count(&f.standing, f.at, -1)
		var realised *int64
		old, now := before[f.id], after[f.id]
		switch {
		case old == nil:
		case f.resolution == Gone:
			realised = old
		case now != nil:
			realised = new(*old - *now)
		}
		rows = append(rows, []any{f.at, f.resolution, realised, f.id})
	}
	return v.run(`UPDATE finding SET resolved_at = $1, resolution = $2, realised = $3 WHERE id = $4`, rows)
}
