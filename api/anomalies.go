package api

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

const anomalyResources = 10

type anomaliesInput struct {
	By      string  `query:"by" default:"type" maxLength:"140" pattern:"^(none|type|region|account|tag:.+)$" doc:"What is judged beside the total, each key by itself: type, region, account, tag:KEY for the tags of HISTORY_TAGS; none judges the total alone"`
	Key     string  `query:"key" maxLength:"256" doc:"The key that alone is judged, and the total is not, such as an account. It is one of what by names, so that by=none has none"`
	From    string  `query:"from" maxLength:"40" doc:"A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01, or how long ago such as 7d or 4w. The default is 30d"`
	To      string  `query:"to" maxLength:"40" doc:"As from. The default is now"`
	Step    float64 `query:"min_step" minimum:"0" maximum:"1000000000" default:"10" doc:"The least step that stands out, in dollars a month"`
	Percent float64 `query:"min_percent" minimum:"0" maximum:"1000" default:"5" doc:"The least step that stands out, in percent of the value before"`
	Limit   int     `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"The most anomalies: of more, the newest"`
}

type anomaliesAnswer struct {
	Success   bool      `json:"success" doc:"Always true"`
	By        string    `json:"by"`
	Currency  string    `json:"currency" enum:"USD"`
	Judged    int       `json:"judged_days" doc:"Observed days of the total with enough observed days before them: only these can be told from usual ones"`
	Found     int       `json:"found" doc:"All that were found, those beyond limit included"`
	Anomalies []anomaly `json:"anomalies" doc:"The newest first, of a day the largest step first"`
	Cells     cellsSeen `json:"cells"`
}

// anomaly is a day on which a cost left its band.
type anomaly struct {
	Day       string        `json:"day" format:"date"`
	Previous  string        `json:"previous_day" format:"date" doc:"The observed day before: what changed, changed between the two"`
	Key       *string       `json:"key" doc:"Null is the total"`
	Before    tracker.Money `json:"before" doc:"A month, on the previous day"`
	After     tracker.Money `json:"after" doc:"A month, on the day"`
	Step      tracker.Money `json:"step"`
	Low       tracker.Money `json:"expected_low" doc:"The band that after is outside of"`
	High      tracker.Money `json:"expected_high"`
	Pruned    bool          `json:"pruned,omitempty" doc:"The versions of that time are not kept any more: the resources are not known"`
	Resources []mover       `json:"resources" doc:"Those whose cost changed most between the two days, at most ten"`

	day, previous int64
}

// mover is a resource by which a cost moved.
type mover struct {
	ID      string        `json:"resource_id"`
	Name    string        `json:"resource_name,omitempty"`
	Type    tracker.Type  `json:"resource_type"`
	Account string        `json:"account_id"`
	Region  string        `json:"region"`
	Step    tracker.Money `json:"step" doc:"A month"`
	Is      string        `json:"is" enum:"added,removed,changed"`
}

func (s *Server) registerAnomalies() {
	register(s, huma.Operation{
		OperationID: "list-anomalies", Method: http.MethodGet, Path: "/api/v1/anomalies", Tags: []string{"trends"},
		Summary: "List the days on which cost left its band, and the resources that made it",
		Description: `The step from one observed day to the next is held against those of the last 28: it stands out when it is farther from their
median than four robust standard deviations, than min_step and than min_percent. A day with fewer than seven steps before it is not judged.`,
	}, s.listAnomalies)
}

func (s *Server) listAnomalies(ctx context.Context, in *anomaliesInput) (*struct{ Body anomaliesAnswer }, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	now := time.Now()
	dimension, faults := s.dimensionOf(h, "cost", in.By)
	from, to, more := readSpan(in.From, in.To, now)
	if faults = append(faults, more...); len(faults) == 0 && to-from >= maxTrendDays {
		faults = append(faults, FieldError{"query.from", "expected at most three years before to"})
	}
	keys, more := apartOf(in.By, in.Key, 0)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	band := trends.DefaultBand
	band.Absolute, band.Relative = in.Step, in.Percent/100
	out := anomaliesAnswer{Success: true, By: in.By, Currency: "USD", Anomalies: []anomaly{}}
	keep := func(key *string, found []trends.Anomaly) {
		for _, f := range found {
			if f.Day >= from {
				out.Found++
				out.Anomalies = append(out.Anomalies, anomalyOf(key, f))
			}
		}
		if len(out.Anomalies) > 10*in.Limit {
			out.newest(in.Limit)
		}
	}
	begin := from - 2*int64(band.Window)
	all, err := s.days(ctx, h, "type", begin, to, apart{}, nil)
	if err != nil {
		return nil, err
	}
	for _, judged := range band.Judged(all.observed) {
		if all.First+int64(judged) >= from {
			out.Judged++
		}
	}
	if keys.key == "" {
		keep(nil, band.Find(all.series(all.Total)))
	}
	if in.By != byNone {
		_, err := s.days(ctx, h, dimension, begin, to, keys, func(l trends.Line) {
			if keys.key == "" || keys.key == l.Key {
				key := l.Key
				keep(&key, band.Find(all.series(l.Days)))
			}
		})
		if err != nil {
			return nil, err
		}
	}
	out.newest(in.Limit)
	if err := s.explain(ctx, h, dimension, out.Anomalies); err != nil {
		return nil, err
	}
	if out.Cells, err = s.cellsSeen(ctx, h, now); err != nil {
		return nil, err
	}
	return &struct{ Body anomaliesAnswer }{out}, nil
}

func anomalyOf(key *string, f trends.Anomaly) anomaly {
	before, after := tracker.Dollars(f.Before), tracker.Dollars(f.After)
	return anomaly{
		Day: dateOf(f.Day), Previous: dateOf(f.Previous), Key: key, Before: before, After: after, Step: after - before,
		Low: tracker.Dollars(f.Low), High: tracker.Dollars(f.High), Resources: []mover{}, day: f.Day, previous: f.Previous,
	}
}

// newest leaves the newest anomalies, in order.
func (a *anomaliesAnswer) newest(n int) {
	slices.SortFunc(a.Anomalies, func(x, y anomaly) int {
		return cmp.Or(-cmp.Compare(x.day, y.day), -cmp.Compare(math.Abs(x.Step.Float()), math.Abs(y.Step.Float())), cmp.Compare(x.key(), y.key()))
	})
	a.Anomalies = a.Anomalies[:min(n, len(a.Anomalies))]
}

// key orders the total before the keys.
func (a anomaly) key() string {
	if a.Key == nil {
		return ""
	}
	return " " + *a.Key
}

// explain adds to anomalies the resources that made them.
func (s *Server) explain(ctx context.Context, h *history.Store, dimension string, all []anomaly) error {
	since, err := h.Since(ctx, owner(ctx))
	if err != nil {
		return err
	}
	for i := range all {
		a := &all[i]
		from, to := trends.TimeOf(a.previous+1).UnixMilli(), trends.TimeOf(a.day+1).UnixMilli()
		if a.Pruned = from < since; a.Pruned {
			continue
		}
		of, key := "", ""
		if a.Key != nil {
			of, key = dimension, *a.Key
		}
		moves, err := h.Moves(ctx, owner(ctx), of, key, from, to, anomalyResources)
		if err != nil {
			return err
		}
		for _, m := range moves {
			a.Resources = append(a.Resources, moverOf(m, from, to))
		}
	}
	return nil
}

func moverOf(m history.Move, from, to int64) mover {
	r := rows.Of(m.JSON)
	id, _ := r.Text(filter.FieldID)
	name, _ := r.Text(filter.FieldName)
	is := "changed"
	switch {
	case m.To < to:
		is = "removed"
	case m.First >= from:
		is = "added"
	}
	return mover{
		ID: strings.Clone(id), Name: strings.Clone(name), Type: m.Type, Account: m.AccountID, Region: m.Region, Step: tracker.Money(m.Cost), Is: is,
	}
}
