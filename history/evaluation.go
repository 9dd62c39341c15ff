package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Evaluation is what rules have decided on a scan that is in: what they found, and where they would have found more.
type Evaluation struct {
	Tenant, Job string
	Run         int64
	From        int64 // when the job began: no cell was seen before
	Accounts    []string
	// Decided are the cells of an account on all resources of which a rule has decided.
	Decided func(account string) []Decided
	// Findings are all that was found. Each is good until the next.
	Findings iter.Seq2[Finding, error]
}

// Decided says that a rule has decided on every resource of a cell, as that was at a time.
type Decided struct {
	Rule string
	Place
	At int64
}

// place is that of a rule in a cell, as looks have it.
func (d Decided) place() Place { return Place{d.Rule + "/" + d.Region, d.Type} }

// Finding is a finding as a scan's evaluation has it.
type Finding struct {
	ID, Rule string
	tracker.Cell
	Resource   string // its ID
	Confidence string
	Saving     *int64 // a month, in nano-dollars; nil is not known
	Counted    bool
	At         int64 // when the resource was seen
	JSON       []byte
}

// Evaluate brings an evaluation in, in one transaction; run again, it changes nothing. A finding is resolved only where
// its resource is gone, or where its rule has decided on the cell and not found it. What a newer evaluation has decided
// on stays as that left it.
func (s *Store) Evaluate(ctx context.Context, e Evaluation) error {
	return s.write(ctx, func(t *tx) error {
		if err := t.lockFindings(e.Tenant); err != nil {
			return err
		}
		v := &evaluating{tx: t, Evaluation: e, s: s, accounts: map[string]int64{}, wastes: wastes{}}
		var done *int64
		err := t.QueryRowContext(ctx, `SELECT id, at, evaluated FROM scan WHERE tenant = $1 AND job = $2 AND run = $3`, e.Tenant, e.Job, e.Run).Scan(&v.scan, &v.at, &done)
		if errors.Is(err, sql.ErrNoRows) {
			if gone, err := s.forgotten(ctx, t, e.Tenant, "", e.From); err != nil || gone {
				return err
			}
			return fmt.Errorf("scan %s is not in", e.Job)
		}
		if err != nil || done != nil {
			return err
		}
		if err := v.all(); err != nil {
			return err
		}
		if err := v.roll(t, e.Tenant); err != nil {
			return err
		}
		return t.exec(`UPDATE scan SET evaluated = 1 WHERE id = $1`, v.scan)
	})
}

// evaluating is an evaluation on its way in.
type evaluating struct {
	*tx
	Evaluation
	s        *Store
	scan, at int64
	accounts map[string]int64
	newer    Seen // what newer evaluations have decided on
	wastes
}

// standing is a finding as it is known.
type standing struct {
	id, account             int64
	aws, rule, region, kind string
	saving                  *int64
	counted                 bool
	seen, scan              int64
	resolved, acknowledged  *int64
}

const standings = `f.id, f.account, a.account, f.rule, f.region, f.type, f.saving, f.counted, f.seen_at, f.scan, f.resolved_at, f.ack_at`

func (f *standing) fields() []any {
	return []any{&f.id, &f.account, &f.aws, &f.rule, &f.region, &f.kind, &f.saving, &f.counted, &f.seen, &f.scan, &f.resolved, &f.acknowledged}
}

func (v *evaluating) all() (err error) {
	var id int64
	var aws string
	// What was forgotten after the scan began stays out.
	err = each(v.ctx, v, `SELECT a.id, a.account FROM account a WHERE a.tenant = $1
		AND NOT EXISTS (SELECT 1 FROM forgotten f WHERE f.tenant = $1 AND f.account = a.account AND f.at >= $2)`, []any{v.Tenant, v.at}, []any{&id, &aws}, func() error {
		v.accounts[aws] = id
		return nil
	})
	if err != nil {
		return err
	}
	if v.newer, err = v.s.looks(v.ctx, v, "evaluation", `WHERE a.tenant = $1 AND o.at >= $2`, v.Tenant, v.From); err != nil {
		return err
	}
	if err := v.expire(); err != nil {
		return err
	}
	page := make([]Finding, 0, pageRows)
	for f, err := range v.Findings {
		if err != nil {
			return err
		}
		f.JSON = append([]byte(nil), f.JSON...)
		if page = append(page, f); len(page) == pageRows {
			if err := v.found(page); err != nil {
				return err
			}
			page = page[:0]
		}
	}
	if err := v.found(page); err != nil {
		return err
	}
	for _, account := range v.Accounts {
		if err := v.account(account); err != nil {
			return fmt.Errorf("account %s: %w", account, err)
		}
	}
	return nil
}

// expire ends the acknowledgements whose time is over: what they were about is waste again.
func (v *evaluating) expire() error {
	var f standing
	var ended [][]any
	err := each(v.ctx, v, `SELECT `+standings+` FROM finding f JOIN account a ON a.id = f.account WHERE f.tenant = $1 AND f.ack_until <= $2`, []any{v.Tenant, v.at}, f.fields(), func() error {
		f.acknowledged = nil
		v.count(&f, v.at, 1)
		ended = append(ended, []any{f.id})
		return nil
	})
	if err != nil {
		return err
	}
	return v.run(unacknowledge, ended)
}

// supersedes reports whether a newer evaluation has decided on a rule in a cell.
func (v *evaluating) supersedes(d Decided, account string) bool {
	p := d.place()
	return v.newer.Last(tracker.Cell{AccountID: account, Region: p.Region, Type: p.Type}) >= d.At
}

// found brings a page of findings in.
func (v *evaluating) found(page []Finding) error {
	ids := make([]string, len(page))
	for i, f := range page {
		ids[i] = f.ID
	}
	known := map[string]*standing{}
	var id string
	var f standing
	err := each(v.ctx, v, `SELECT f.finding_id, `+standings+` FROM finding f JOIN account a ON a.id = f.account WHERE f.tenant = $1 AND `+v.s.in("f.finding_id", "$2"),
		[]any{v.Tenant, v.s.of(ids)}, append([]any{&id}, f.fields()...), func() error {
			k := f
			known[id] = &k
			return nil
		})
	if err != nil {
		return err
	}
	tags, err := v.tags(page)
	if err != nil {
		return err
	}
	var fresh, again [][]any
	for _, f := range page {
		account, ok := v.accounts[f.AccountID]
		k := known[f.ID]
		switch {
		case !ok, v.supersedes(Decided{f.Rule, Place{f.Region, f.Type}, f.At}, f.AccountID):
			continue
		case k != nil && (k.scan == v.scan || k.seen > f.At || k.resolved != nil && *k.resolved > f.At):
			continue
		}
		now := standing{account: account, aws: f.AccountID, rule: f.Rule, region: f.Region, kind: string(f.Type), saving: f.Saving, counted: f.Counted, seen: f.At, scan: v.scan}
		known[f.ID] = &now
		body, of := v.s.enc.EncodeAll(f.JSON, nil), tags[f.Cell.ID()+"/"+f.Resource]
		if of == "" {
			of = "{}"
		}
		if k == nil {
			v.count(&now, f.At, 1)
			fresh = append(fresh, []any{v.Tenant, f.ID, account, f.Rule, f.Region, string(f.Type), f.Resource, of, f.Confidence, f.Saving, number(f.Counted), f.At, f.At, v.scan, body})
			continue
		}
		v.count(k, f.At, -1)
		if k.resolved == nil { // what came back is not what was acknowledged
			now.acknowledged = k.acknowledged
		}
		v.count(&now, f.At, 1)
		again = append(again, []any{of, f.Confidence, f.Saving, number(f.Counted), f.At, v.scan, body, k.id})
	}
	if err := v.insert("finding", "tenant, finding_id, account, rule, region, type, rid, tags, confidence, saving, counted, opened_at, seen_at, scan, body", fresh); err != nil {
		return err
	}
	return v.run(`UPDATE finding SET tags = $1, confidence = $2, saving = $3, counted = $4, seen_at = $5, scan = $6, body = $7,
		opened_at = CASE WHEN resolved_at IS NULL THEN opened_at ELSE $5 END, reopened = CASE WHEN resolved_at IS NULL THEN reopened ELSE reopened + 1 END,
		ack_by = CASE WHEN resolved_at IS NULL THEN ack_by END, ack_why = CASE WHEN resolved_at IS NULL THEN ack_why END,
		ack_at = CASE WHEN resolved_at IS NULL THEN ack_at END, ack_until = CASE WHEN resolved_at IS NULL THEN ack_until END,
		resolved_at = NULL, resolution = NULL, realised = NULL WHERE id = $8`, again)
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// tags are those of the resources of findings, as JSON, by the resources' keys; of a resource that no scan has seen in a
// cell that it saw to its end, there are none.
func (v *evaluating) tags(page []Finding) (map[string]string, error) {
	keys := make([]Key, len(page))
	for i, f := range page {
		keys[i] = Key{f.Cell, f.Resource}
	}
	tags := map[string]string{}
	return tags, v.s.heads(v.ctx, v, v.Tenant, keys, func(k Key, n Version) error {
		json, err := v.s.decode(v.ctx, n.body)
		if t := gjson.GetBytes(json, "tags"); t.IsObject() {
			tags[k.ID()+"/"+k.Resource] = t.Raw
		}
		return err
	})
}
