package cli

import (
	"fmt"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type trendCmd struct {
	Cost      trendCostCmd      `cmd:"" default:"withargs" help:"Show how many resources there were and what they cost."`
	Forecast  trendForecastCmd  `cmd:"" help:"Say what this month costs: until today, and to its end."`
	Anomalies trendAnomaliesCmd `cmd:"" help:"List the days on which cost left its band, and what made it."`
}

type trendCostCmd struct {
	By       string `help:"What to group by: type, region, account, tag:KEY, or none for the total; of savings also rule." default:"none" placeholder:"GROUP"`
	Measure  string `help:"What it is of: cost, or saving for what open findings would save." default:"cost" enum:"cost,saving"`
	From     string `help:"A day such as 2026-11-01, or how long ago such as 7d or 4w." default:"30d" placeholder:"WHEN"`
	To       string `help:"As --from; none is now." placeholder:"WHEN"`
	Interval string `help:"What a row is of." default:"day" enum:"day,week,month"`
	Top      int    `help:"How many keys have rows of their own." default:"10" placeholder:"N"`
	Key      string `help:"The key that alone has rows of its own, such as an account." name:"only" placeholder:"KEY"`
}

type trendForecastCmd struct {
	By  string `help:"What to group by: type, region, account, tag:KEY, or none for the total." default:"none" placeholder:"GROUP"`
	Top int    `help:"How many keys have a row of their own." default:"10" placeholder:"N"`
	Key string `help:"The key that alone has a row of its own, such as an account." name:"only" placeholder:"KEY"`
}

type trendAnomaliesCmd struct {
	By         string  `help:"What is judged beside the total: type, region, account, tag:KEY or none." default:"type" placeholder:"GROUP"`
	Key        string  `help:"The key that alone is judged, such as an account." name:"only" placeholder:"KEY"`
	From       string  `help:"A day such as 2026-11-01, or how long ago such as 7d or 4w." default:"30d" placeholder:"WHEN"`
	To         string  `help:"As --from; none is now." placeholder:"WHEN"`
	MinStep    float64 `help:"The least step that stands out, in dollars a month." default:"10" placeholder:"DOLLARS"`
	MinPercent float64 `help:"The least step that stands out, in percent of the value before." default:"5" placeholder:"PERCENT"`
	Limit      int     `help:"The most anomalies: of more, the newest." default:"20" placeholder:"N"`
}

var trendColumns = []output.Column{
	{Name: "day"},
	{Name: "key", Kind: output.ID},
	{Name: "resources", Kind: output.Number},
	{Name: "cost", Path: "monthly_cost", Kind: output.Money},
	{Name: "spend", Kind: output.Money},
	{Name: "unpriced", Kind: output.Number},
	{Name: "observed"},
	{Name: "days", Kind: output.Number, Wide: true},
	{Name: "observed_days", Kind: output.Number, Wide: true},
}

var forecastColumns = []output.Column{
	{Name: "key", Kind: output.ID},
	{Name: "to_date", Path: "month_to_date", Kind: output.Money},
	{Name: "forecast", Kind: output.Money},
	{Name: "low", Kind: output.Money},
	{Name: "high", Kind: output.Money},
	{Name: "cost", Path: "monthly_cost", Kind: output.Money, Wide: true},
	{Name: "unpriced", Kind: output.Number},
	{Name: "method"},
	{Name: "observed_days", Kind: output.Number, Wide: true},
	{Name: "assumed_days", Kind: output.Number, Wide: true},
	{Name: "carried_days", Kind: output.Number, Wide: true},
}

var anomalyColumns = []output.Column{
	{Name: "day"},
	{Name: "key", Kind: output.ID},
	{Name: "before", Kind: output.Money},
	{Name: "after", Kind: output.Money},
	{Name: "step", Kind: output.Money},
	{Name: "expected_low", Kind: output.Money, Wide: true},
	{Name: "expected_high", Kind: output.Money, Wide: true},
	{Name: "made_by"},
}

// total and other are what rows of no key are called.
const (
	total = "(total)"
	other = "(other)"
)

// trendRow is a point of a key.
type trendRow struct {
	client.TrendPoint
	Key string `json:"key"`
}

func (c *trendCostCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	a, err := t.GetTrend(e.ctx, &client.GetTrendParams{By: c.By, Measure: c.Measure, From: c.From, To: c.To, Interval: c.Interval, Top: c.Top, Key: c.Key})
	if err != nil {
		return err
	}
	var rows []trendRow
	add := func(key string, points []client.TrendPoint) {
		for _, p := range points {
			rows = append(rows, trendRow{p, key})
		}
	}
	for _, g := range a.Groups {
		add(tagged(g.Key), g.Points)
	}
	add(other, a.Other)
	add(total, a.Total)
	if err := e.print(trendColumns, output.Of(rows)); err != nil {
		return err
	}
	if a.KnownSince == "" {
		e.note("no scan is in the history yet")
		return nil
	}
	e.note("%s, %d of them observed; known since %s", plural(a.Days, "day"), a.ObservedDays, a.KnownSince)
	if !a.Complete {
		e.note("the keys are not all: the tag has a trend of its own since later than resources are known")
	}
	e.noteCells(a.Cells)
	return nil
}

// tagged is a key, and a name for the resources that lack a tag.
func tagged(key string) string {
	if key == "" {
		return "(none)"
	}
	return key
}

// noteCells says what the figures stand on where some cells were not seen.
func (e *env) noteCells(c client.CellsSeen) {
	if c.Stale > 0 {
		e.note("%d of %d cells were not seen by their newest scan and count as they were; %d were never seen", c.Stale, c.Cells, c.NeverSeen)
	}
}

// groupOf is a forecast under a name.
func groupOf(key string, m client.MonthForecast) client.GroupForecast {
	return client.GroupForecast{
		Key: key, AssumedDays: m.AssumedDays, CarriedDays: m.CarriedDays, Forecast: m.Forecast, High: m.High, Low: m.Low, Method: m.Method,
		MonthToDate: m.MonthToDate, MonthlyCost: m.MonthlyCost, ObservedDays: m.ObservedDays, Unpriced: m.Unpriced,
	}
}

func (c *trendForecastCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	a, err := t.GetForecast(e.ctx, &client.GetForecastParams{By: c.By, Top: c.Top, Key: c.Key})
	if err != nil {
		return err
	}
	var rows []client.GroupForecast
	for _, g := range a.Groups {
		g.Key = tagged(g.Key)
		rows = append(rows, g)
	}
	if a.Other != nil {
		rows = append(rows, groupOf(other, *a.Other))
	}
	rows = append(rows, groupOf(total, a.Total))
	if err := e.print(forecastColumns, output.Of(rows)); err != nil {
		return err
	}
	e.note("%s, day %d of %d, at list prices; %.0f %% of months end within low and high", a.Month, a.Day, a.Days, 100*a.Interval)
	e.noteCells(a.Cells)
	return nil
}

// anomalyRow is an anomaly with its resources in words.
type anomalyRow struct {
	client.Anomaly
	Key    string `json:"key"`
	MadeBy string `json:"made_by"`
}

func (c *trendAnomaliesCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	a, err := t.ListAnomalies(e.ctx, &client.ListAnomaliesParams{By: c.By, Key: c.Key, From: c.From, To: c.To, MinStep: &c.MinStep, MinPercent: &c.MinPercent, Limit: c.Limit})
	if err != nil {
		return err
	}
	rows := make([]anomalyRow, len(a.Anomalies))
	for i, x := range a.Anomalies {
		rows[i] = anomalyRow{Anomaly: x, Key: total}
		if x.Key != nil {
			rows[i].Key = tagged(*x.Key)
		}
		if len(x.Resources) > 0 {
			r := x.Resources[0]
			rows[i].MadeBy = fmt.Sprintf("%s %s, $%s", r.ResourceID, r.Is, output.Dollars(r.Step))
			if more := len(x.Resources) - 1; more > 0 {
				rows[i].MadeBy += fmt.Sprintf(", and %d more", more)
			}
		}
	}
	if err := e.print(anomalyColumns, output.Of(rows)); err != nil {
		return err
	}
	e.note("%d found; %s could be judged", a.Found, plural(a.JudgedDays, "observed day"))
	e.noteCells(a.Cells)
	return nil
}
