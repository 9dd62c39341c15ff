package summary

import (
	"fmt"

	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

// Trend is what there was at the end of days, weeks or months, and what the month comes to.
type Trend struct {
	Unkept   string // why no trend is kept of the filter
	Points   []Point
	Interval string // day, week or month
	Month    string // such as 2026-11
	Forecast trends.Month
	Lists    []string
}

// Point is what there was at the end of an interval.
type Point struct {
	Day       string // the first of the interval that is in the trend
	Resources int64
	Unpriced  int64
	Monthly   tracker.Money
	Spend     tracker.Money // over the days of the interval
	Observed  bool          // on one of its days
}

// methods say how a forecast was made.
var methods = map[trends.Method]string{
	trends.Damped:  "exponential smoothing of the days that are known",
	trends.Flat:    "today's cost for the days to come, with a wide interval: fewer than 14 days were observed",
	trends.Unknown: "none: nothing is known",
}

// Section writes it.
func (t Trend) Section() ReportSection {
	s := ReportSection{Name: "trend", Title: "Trend and forecast", Lists: t.Lists, Unknown: t.Unkept, Facts: []ReportFact{}, Tables: []ReportTable{}}
	if s.Unknown == "" && len(t.Points) == 0 {
		s.Unknown = "No day of the period is known."
	}
	if s.Unknown != "" {
		return s
	}
	first, last := t.Points[0], t.Points[len(t.Points)-1]
	spend, unobserved := tracker.Money(0), 0
	for _, p := range t.Points {
		spend += p.Spend
		if !p.Observed {
			unobserved++
		}
	}
	s.Facts = []ReportFact{
		money("first", "Cost a month at the begin, "+first.Day, first.Monthly, ""),
		money("last", "Cost a month at the end", last.Monthly, ""),
		money("difference", "Difference", last.Monthly-first.Monthly, ""),
		money("spend", "Cost over the period", spend, "of each day its cost a month, divided by the days of the month"),
		count("unpriced", "Resources without a known cost at the end", last.Unpriced, "no sum has them"),
		count("unobserved", "Points without a scan", unobserved, "they count as the one before"),
	}
	if f := t.Forecast; f.Method != trends.Unknown {
		s.Facts = append(s.Facts,
			money("month_to_date", "Cost of "+t.Month+" to date", tracker.Dollars(f.ToDate), ""),
			money("forecast", "Forecast of "+t.Month, tracker.Dollars(f.Total), methods[f.Method]),
			money("forecast_low", "Forecast, low", tracker.Dollars(f.Low), fmt.Sprintf("%.0f %% of months end between low and high", 100*trends.Interval)),
			money("forecast_high", "Forecast, high", tracker.Dollars(f.High), ""),
			count("observed_days", "Days that the forecast stands on", f.Observed, "of the last 60"),
		)
	}
	table := ReportTable{Name: "points", Title: "Cost by " + t.Interval, Rows: make([][]any, len(t.Points)), Columns: []ReportColumn{
		{"day", "From", KindDay, ""},
		{"resources", "Resources", KindCount, ""},
		{"monthly_cost", "Cost a month", KindMoney, ""},
		{"spend", "Cost over the " + t.Interval, KindMoney, "spend"},
		{"unpriced", "Without a known cost", KindCount, ""},
		{"observed", "Scanned", KindText, ""},
	}}
	s.Chart = &Chart{Title: "Cost a month by " + t.Interval}
	for i, p := range t.Points {
		scanned := "no"
		if p.Observed {
			scanned = "yes"
		}
		table.Rows[i] = []any{p.Day, p.Resources, p.Monthly, p.Spend, p.Unpriced, scanned}
		s.Chart.Points = append(s.Chart.Points, ChartPoint{p.Day, p.Monthly, p.Observed})
	}
	s.Tables = []ReportTable{table}
	return s
}
