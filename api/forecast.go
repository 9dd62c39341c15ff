package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

type forecastInput struct {
	By  string `query:"by" default:"none" maxLength:"140" pattern:"^(none|type|region|account|tag:.+)$" doc:"type, region, account, tag:KEY for the tags of HISTORY_TAGS, or none for the total alone"`
	Key string `query:"key" maxLength:"256" doc:"The key that alone has a forecast of its own, whatever others cost, such as an account. It is one of what by names, so that by=none has none"`
	Top int    `query:"top" minimum:"1" maximum:"100" default:"10" doc:"How many keys have a forecast of their own: those that cost most lately"`
}

type forecastAnswer struct {
	Success  bool            `json:"success" doc:"Always true"`
	By       string          `json:"by"`
	Currency string          `json:"currency" enum:"USD"`
	Month    string          `json:"month" doc:"Such as 2026-11"`
	Days     int             `json:"days" doc:"Of the month"`
	Day      int             `json:"day" doc:"Today, of the month"`
	Interval float64         `json:"interval" doc:"The share of months that is to end within low and high"`
	Total    MonthForecast   `json:"total"`
	Groups   []groupForecast `json:"groups" doc:"Each on its own: their intervals do not add up to that of the total"`
	Other    *MonthForecast  `json:"other,omitempty" doc:"All further keys together; absent where there are none"`
	Cells    cellsSeen       `json:"cells"`
}

type groupForecast struct {
	Key string `json:"key" doc:"Empty is without the tag"`
	MonthForecast
}

// MonthForecast is what a month costs.
type MonthForecast struct {
	ToDate   tracker.Money `json:"month_to_date" doc:"Until the end of today: of each day its monthly cost, divided by the days of the month"`
	Forecast tracker.Money `json:"forecast" doc:"The whole month"`
	Low      tracker.Money `json:"low"`
	High     tracker.Money `json:"high"`
	Monthly  tracker.Money `json:"monthly_cost" doc:"What there is now costs a month"`
	Unpriced int64         `json:"unpriced" doc:"Resources now whose cost is not known: no sum has them"`
	Method   trends.Method `json:"method" enum:"damped_trend,flat,none" doc:"damped_trend: exponential smoothing, with the interval from what it was wrong by. flat: today's cost for the days to come and a wide interval, because fewer than 14 days were observed. none: nothing is known"`
	Observed int           `json:"observed_days" doc:"Days that the method looked at and a scan saw something on; of the last 60"`
	Assumed  int           `json:"assumed_days" doc:"Days of the month before the first look: they count as the first known day"`
	Carried  int           `json:"carried_days" doc:"Days of the month until today on which no scan looked: they count as the day before"`
}

func (s *Server) registerForecast() {
	register(s, huma.Operation{
		OperationID: "get-forecast", Method: http.MethodGet, Path: "/api/v1/forecast", Tags: []string{"trends"},
		Summary:     "Read what this month costs: until today, and to its end with an interval",
		Description: "At list prices of what scans saw, not what AWS bills. Each answer says by which method, and of how many days.",
	}, s.getForecast)
}

// fitDays is how many days before today a forecast may look at, the month included.
const fitDays = trends.FitDays + 31

func (s *Server) getForecast(ctx context.Context, in *forecastInput) (*struct{ Body forecastAnswer }, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	dimension, faults := s.dimensionOf(h, "cost", in.By)
	keys, more := apartOf(in.By, in.Key, in.Top)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	now := time.Now().UTC()
	today := trends.DayOf(now)
	k, err := s.days(ctx, h, dimension, today-fitDays, today, keys, nil)
	if err != nil {
		return nil, err
	}
	a := forecastAnswer{
		Success: true, By: in.By, Currency: "USD", Month: now.Format("2006-01"), Day: now.Day(), Interval: trends.Interval,
		Total: k.forecast(k.Total, today), Groups: []groupForecast{},
	}
	_, a.Days = trends.MonthOf(today)
	if a.Cells, err = s.cellsSeen(ctx, h, now); err != nil {
		return nil, err
	}
	if in.By != byNone {
		for _, l := range k.Top {
			a.Groups = append(a.Groups, groupForecast{l.Key, k.forecast(l.Days, today)})
		}
		if k.Other != nil {
			a.Other = new(k.forecast(k.Other, today))
		}
	}
	return &struct{ Body forecastAnswer }{a}, nil
}

// series are the monthly costs of a line, in dollars.
func (k known) series(days []trends.Day) trends.Series {
	s := trends.Series{First: k.First, Values: make([]float64, len(days)), Observed: k.observed}
	for i, d := range days {
		s.Values[i] = tracker.Money(d.Cost).Float()
	}
	return s
}

func (k known) forecast(days []trends.Day, today int64) MonthForecast {
	f := monthForecastOf(trends.Forecast(k.series(days), today))
	if last := len(days) - 1; last >= 0 {
		f.Monthly, f.Unpriced = tracker.Money(days[last].Cost), days[last].Unpriced
	}
	return f
}

func monthForecastOf(m trends.Month) MonthForecast {
	return MonthForecast{
		ToDate: tracker.Dollars(m.ToDate), Forecast: tracker.Dollars(m.Total), Low: tracker.Dollars(m.Low), High: tracker.Dollars(m.High),
		Method: m.Method, Observed: m.Observed, Assumed: m.Assumed, Carried: m.Carried,
	}
}
