package budgets

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
	"github.com/consolesensei/resource-tracker/trends"
)

// Crossed is a threshold that was crossed.
type Crossed struct {
	Threshold
	At     time.Time  `json:"at"`
	ToldAt *time.Time `json:"told_at" doc:"When webhooks were told; null: not yet"`
}

// crossings are what a standing has crossed, as the history keeps it until the end of the month.
func (b Budget) crossings(s Standing, now time.Time) (all []history.Crossing, err error) {
	month, _ := trends.MonthOf(trends.DayOf(now))
	for _, t := range b.crossed(s) {
		body, err := json.Marshal(tracker.EventData{
			BudgetID: b.ID, Name: b.Name, State: string(s.State), Reason: why(t, s),
			Budget: &tracker.EventBudget{
				Amount: b.Amount, Percent: t.Percent, Of: t.Of, Month: s.Month, MonthToDate: s.ToDate, Forecast: s.Forecast, Low: s.Low, High: s.High,
				Method: string(s.Method), AssumedDays: s.Assumed, Unpriced: s.Unpriced, Stale: s.Stale,
			},
			Links: map[string]string{"budget": "/api/v1/budgets/" + b.ID},
		})
		if err != nil {
			return nil, err
		}
		all = append(all, history.Crossing{Budget: b.ID, Month: month, Threshold: t.String(), At: now.UnixMilli(), Body: string(body)})
	}
	return all, nil
}

func why(t Threshold, s Standing) string {
	if t.Of == OfForecast {
		return fmt.Sprintf("%s is forecast to cost %.0f %% of the amount, which is %g %% or more", s.Month, 100**s.ForecastRatio, t.Percent)
	}
	return fmt.Sprintf("%s has cost %.0f %% of the amount, which is %g %% or more", s.Month, 100**s.Ratio, t.Percent)
}

// CrossedOf reads a crossing that the history keeps.
func CrossedOf(c history.Crossing) (Crossed, error) {
	at, d, err := Event(c)
	if err != nil {
		return Crossed{}, err
	}
	return Crossed{Threshold{d.Budget.Percent, d.Budget.Of}, at, tracker.AtMillis(&c.Told)}, nil
}

// Event is what webhooks are told of a crossing.
func Event(c history.Crossing) (at time.Time, d tracker.EventData, err error) {
	if err := json.Unmarshal([]byte(c.Body), &d); err != nil {
		return at, d, fmt.Errorf("decode a crossing of budget %s: %w", c.Budget, err)
	}
	return time.UnixMilli(c.At).UTC(), d, nil
}

// EventName is what a crossing is known by: the same for whoever tells of it.
func EventName(c history.Crossing) []string {
	return []string{"budget", c.Budget, fmt.Sprint(c.Edition), fmt.Sprint(c.Month), c.Threshold}
}
