package budgets

import (
	"context"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

// State says how a budget stands.
type State string

// The states.
const (
	Within       State = "within"        // no threshold is crossed
	Warned       State = "warned"        // a threshold is crossed, and the amount is not
	ForecastOver State = "forecast_over" // the month is forecast to cost more than the amount
	Over         State = "over"          // the month has cost more than the amount
	Unknown      State = "unknown"       // it was not reckoned yet, or no scan has seen anything
)

// Standing is how a budget stands in the month of a time.
type Standing struct {
	State         State         `json:"state" enum:"within,warned,forecast_over,over,unknown" doc:"within: no threshold is crossed. warned: one is, but the amount is not. forecast_over: the month is forecast to cost more than the amount. over: it has cost more. unknown: it was not reckoned yet, or no scan has seen anything"`
	Month         string        `json:"month" doc:"Such as 2026-11"`
	Days          int           `json:"days" doc:"Of the month"`
	Day           int           `json:"day" doc:"Today, of the month"`
	ToDate        tracker.Money `json:"month_to_date" doc:"Until the end of today: of each day its monthly cost, divided by the days of the month"`
	Ratio         *float64      `json:"ratio" doc:"month_to_date, divided by the amount; null while the state is unknown"`
	Forecast      tracker.Money `json:"forecast" doc:"The whole month"`
	ForecastRatio *float64      `json:"forecast_ratio" doc:"forecast, divided by the amount; null while the state is unknown"`
	Low           tracker.Money `json:"low" doc:"8 of 10 months end within low and high"`
	High          tracker.Money `json:"high"`
	Method        trends.Method `json:"method" enum:"damped_trend,flat,none" doc:"As that of GET /api/v1/forecast"`
	Observed      int           `json:"observed_days" doc:"Days that the method looked at and a scan saw something on"`
	Assumed       int           `json:"assumed_days" doc:"Days of the month before the first look: they count as the first known day"`
	Carried       int           `json:"carried_days" doc:"Days of the month until today on which no scan looked: they count as the day before"`
	ExceedsOn     string        `json:"exceeds_on,omitempty" format:"date" doc:"The day on which the month costs more than the amount; of a day to come, where what is forecast is spread evenly. Absent where it does not"`
	Monthly       tracker.Money `json:"monthly_cost" doc:"What there is now costs a month"`
	Resources     int64         `json:"resources" doc:"That meet the filter now"`
	Unpriced      int64         `json:"unpriced" doc:"Of them, those whose cost is not known: no sum has them"`
	Cells         int           `json:"cells" doc:"Cells (account, region, type) that were ever looked at, whether they can hold what the filter selects or not"`
	Stale         int           `json:"cells_stale" doc:"Of them, those whose newest look was not to the end: they count as they were last seen, never as cheaper"`
	Never         int           `json:"cells_never_seen" doc:"Of these, those that no look saw to its end: what is in them is not known and not counted"`
	ReckonedAt    *time.Time    `json:"reckoned_at" doc:"When the days were last reckoned; null: not yet, which takes a minute"`
}

// looker is what standings need of a tenant besides the days of its budgets.
type looker struct {
	now      time.Time
	today    int64
	observed map[int64]bool
	seen     struct{ cells, stale, never int }
}

func newLooker(ctx context.Context, h *history.Store, tenant string, now time.Time) (l looker, err error) {
	l = looker{now: now.UTC(), today: trends.DayOf(now), observed: map[int64]bool{}}
	looked, err := h.Looked(ctx, tenant, l.today-reckonDays, l.today)
	if err != nil {
		return l, err
	}
	for _, d := range looked {
		l.observed[d] = true
	}
	seen, err := h.SeenAt(ctx, tenant, now.UnixMilli())
	l.seen.cells, l.seen.stale, l.seen.never = seen.Count()
	return l, err
}

// standing is how a budget with such days stands.
func (l looker) standing(b Budget, days []history.Day) Standing {
	month, length := trends.MonthOf(l.today)
	s := Standing{
		State: Unknown, Month: l.now.Format("2006-01"), Days: length, Day: int(l.today-month) + 1, Method: trends.Unknown,
		Cells: l.seen.cells, Stale: l.seen.stale, Never: l.seen.never, ReckonedAt: tracker.AtMillis(&b.kept.Reckoned),
	}
	if len(days) == 0 {
		return s
	}
	series := trends.Series{First: days[0].Day}
	last := days[0]
	put := func(d history.Day) {
		series.Values, series.Observed = append(series.Values, tracker.Money(d.Cost).Float()), append(series.Observed, l.observed[d.Day])
	}
	for _, d := range days {
		for last.Day++; last.Day < d.Day; last.Day++ { // a day that was never reckoned is as the one before
			put(last)
		}
		put(d)
		last = d
	}
	for last.Day++; last.Day <= l.today; last.Day++ {
		put(last)
	}
	f := trends.Forecast(series, l.today)
	s.ToDate, s.Forecast, s.Low, s.High = tracker.Dollars(f.ToDate), tracker.Dollars(f.Total), tracker.Dollars(f.Low), tracker.Dollars(f.High)
	s.Method, s.Observed, s.Assumed, s.Carried = f.Method, f.Observed, f.Assumed, f.Carried
	s.Monthly, s.Resources, s.Unpriced = tracker.Money(last.Cost), last.Resources, last.Unpriced
	if f.Method == trends.Unknown {
		return s
	}
	amount := b.Amount.Float()
	s.Ratio, s.ForecastRatio = new(f.ToDate/amount), new(f.Total/amount)
	s.ExceedsOn = exceeds(series, f, l.today, amount)
	switch {
	case s.ToDate > b.Amount:
		s.State = Over
	case s.Forecast > b.Amount:
		s.State = ForecastOver
	case len(b.crossed(s)) > 0:
		s.State = Warned
	default:
		s.State = Within
	}
	return s
}

// exceeds is the day of the month on which it has cost more than an amount; empty where it does not.
func exceeds(s trends.Series, f trends.Month, today int64, amount float64) string {
	spent, rest := 0.0, (f.Total-f.ToDate)/float64(max(f.First+int64(f.Days)-1-today, 1))
	for day := f.First; day < f.First+int64(f.Days); day++ {
		if day > today {
			spent += rest
		} else {
			spent += s.At(day) / float64(f.Days)
		}
		if spent > amount*(1+1e-12) {
			return trends.TimeOf(day).Format(time.DateOnly)
		}
	}
	return ""
}

// crossed are the thresholds that a standing has reached.
func (b Budget) crossed(s Standing) (all []Threshold) {
	for _, t := range b.Thresholds {
		ratio := s.Ratio
		if t.Of == OfForecast {
			ratio = s.ForecastRatio
		}
		if ratio != nil && *ratio*100 >= t.Percent {
			all = append(all, t)
		}
	}
	return all
}

// Stand is how a budget stands at a time.
func Stand(ctx context.Context, h *history.Store, all []Budget, now time.Time) ([]Standing, error) {
	if len(all) == 0 {
		return nil, nil
	}
	l, err := newLooker(ctx, h, all[0].kept.Tenant, now)
	if err != nil {
		return nil, err
	}
	standings := make([]Standing, len(all))
	for i, b := range all {
		days, err := h.BudgetDays(ctx, b.ID, l.today-reckonDays)
		if err != nil {
			return nil, err
		}
		standings[i] = l.standing(b, days)
	}
	return standings, nil
}
