// Package budgets holds what a tenant spends, at list prices of what scans saw, against what it means to spend: by a
// filter and an amount a month. The days of a budget are reckoned from the history whenever a scan has come into it, and
// each threshold that they cross is told once a month.
package budgets

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Most is how many budgets a tenant has at most.
const Most = 100

const (
	maxName       = 100
	maxThresholds = 10
	maxAmount     = 1e9 // dollars a month
	maxPercent    = 1000
)

// What a threshold is of.
const (
	OfActual   = "actual"   // what the month has cost until now
	OfForecast = "forecast" // what the whole month is forecast to cost
)

// Threshold is a share of a budget's amount. What reaches it crosses it.
type Threshold struct {
	Percent float64 `json:"percent" exclusiveMinimum:"0" maximum:"1000" doc:"Of the monthly amount"`
	Of      string  `json:"of" enum:"actual,forecast" doc:"actual: what the month has cost until now. forecast: what the whole month is forecast to cost"`
}

// String is what a threshold is known by, such as actual:80.
func (t Threshold) String() string { return fmt.Sprintf("%s:%g", t.Of, t.Percent) }

// DefaultThresholds are those of a budget that names none.
func DefaultThresholds() []Threshold {
	return []Threshold{{80, OfActual}, {100, OfActual}, {100, OfForecast}}
}

// Spec is what somebody says of a budget.
type Spec struct {
	Name       string        `json:"name"`
	Filter     string        `json:"filter,omitempty" doc:"What it is of, in the language of filters; absent is everything"`
	Amount     tracker.Money `json:"monthly_amount" doc:"What a month may cost, in US dollars"`
	Thresholds []Threshold   `json:"thresholds" doc:"By what they are of and their percent"`
}

// Fault is what is wrong with a member of a Spec.
type Fault struct{ Member, Message string }

// Check reads a Spec, puts its filter and thresholds into their order, and names what is wrong with it.
func (s *Spec) Check() (faults []Fault) {
	fault := func(member, format string, args ...any) {
		faults = append(faults, Fault{member, fmt.Sprintf(format, args...)})
	}
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" || len(s.Name) > maxName || strings.ContainsFunc(s.Name, unicode.IsControl) {
		fault("name", "expected 1 to %d bytes without control characters", maxName)
	}
	f, err := filter.Parse(s.Filter)
	switch {
	case err != nil:
		fault("filter", "%v", err)
	case slices.ContainsFunc(f.Conditions(), func(c filter.Condition) bool { return c.Field == filter.FieldAge }):
		fault("filter", "a budget cannot ask for ages, which differ from day to day; created>TIME can be asked for")
	default:
		s.Filter = f.String()
	}
	if s.Amount < tracker.Dollars(0.01) || s.Amount > tracker.Dollars(maxAmount) {
		fault("monthly_amount", "expected 0.01 to %d dollars", int(maxAmount))
	}
	if len(s.Thresholds) > maxThresholds {
		fault("thresholds", "expected at most %d", maxThresholds)
	}
	for i, t := range s.Thresholds {
		if t.Percent <= 0 || t.Percent > maxPercent {
			fault(fmt.Sprintf("thresholds[%d].percent", i), "expected more than 0 and at most %d", maxPercent)
		}
		if t.Of != OfActual && t.Of != OfForecast {
			fault(fmt.Sprintf("thresholds[%d].of", i), "expected actual or forecast")
		}
		if slices.Contains(s.Thresholds[:i], t) {
			fault(fmt.Sprintf("thresholds[%d]", i), "it is named before")
		}
	}
	slices.SortFunc(s.Thresholds, func(a, b Threshold) int {
		return cmp.Or(strings.Compare(a.Of, b.Of), cmp.Compare(a.Percent, b.Percent))
	})
	return faults
}

// Budget is a budget of a tenant.
type Budget struct {
	ID string `json:"budget_id"`
	Spec
	CreatedAt time.Time `json:"created_at"`
	ChangedAt time.Time `json:"changed_at"`
	ChangedBy string    `json:"changed_by"`

	kept history.Budget
}

// New is a budget that is not kept yet.
func New(tenant, id string, s Spec, by string, at time.Time) Budget {
	at = at.UTC().Truncate(time.Millisecond)
	return Budget{ID: id, Spec: s, CreatedAt: at, ChangedAt: at, ChangedBy: by, kept: history.Budget{Tenant: tenant, ID: id, Created: at.UnixMilli()}}
}

// Changed is the budget with another Spec.
func (b Budget) Changed(s Spec, by string, at time.Time) Budget {
	b.Spec, b.ChangedBy, b.ChangedAt = s, by, at.UTC().Truncate(time.Millisecond)
	return b
}

// Kept is the budget as the history keeps it.
func (b Budget) Kept() (history.Budget, error) {
	body, err := json.Marshal(b)
	k := b.kept
	k.Name, k.Body = b.Name, string(body)
	return k, err
}

// Of reads a budget that the history keeps.
func Of(k history.Budget) (Budget, error) {
	b := Budget{kept: k}
	if err := json.Unmarshal([]byte(k.Body), &b); err != nil {
		return b, fmt.Errorf("decode budget %s: %w", k.ID, err)
	}
	return b, nil
}
