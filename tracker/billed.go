package tracker

import "time"

// BilledRequest asks for what AWS has billed. Cost Explorer charges for each page
// that it answers.
type BilledRequest struct {
	// GroupBy are service, region, resource and tag:KEY: each is a sum of its own.
	GroupBy []string `json:"group_by"`
	// Start and End are the first and the last day, as YYYY-MM-DD. Those of a schedule
	// that counts Days are empty: each run has its own.
	Start string `json:"start,omitempty"`
	End   string `json:"end,omitempty"`
	// Days are how many days before the request are asked for; 0 for those from Start to End.
	Days int `json:"days,omitempty"`
	// MaxPaidCalls is how many calls may be made for all sums of all accounts.
	MaxPaidCalls int `json:"max_paid_calls"`
}

// At returns the request with the first and the last day that it has at a time: the last
// is the day before.
func (r BilledRequest) At(now time.Time) BilledRequest {
	if r.Days == 0 {
		return r
	}
	today := now.UTC().Truncate(24 * time.Hour)
	r.Start, r.End = today.AddDate(0, 0, -r.Days).Format(time.DateOnly), today.AddDate(0, 0, -1).Format(time.DateOnly)
	return r
}

// BilledReport is what AWS has billed, as far as it was asked.
type BilledReport struct {
	Start string `json:"start" doc:"The first day"`
	End   string `json:"end" doc:"The last day"`
	// Complete says that every sum is.
	Complete  bool        `json:"complete" doc:"False when a sum lacks something, and says why"`
	Reason    string      `json:"reason,omitempty" doc:"Why there is no sum"`
	PaidCalls int         `json:"paid_calls" doc:"How many calls of Cost Explorer were made, at $0.01 each"`
	Sums      []BilledSum `json:"sums" doc:"One for each account and grouping"`
}

// BilledSum is what was billed to one account, divided in one way.
type BilledSum struct {
	AccountID string        `json:"account_id"`
	GroupBy   string        `json:"group_by"`
	Complete  bool          `json:"complete" doc:"False when pages are missing: reason says why"`
	Reason    string        `json:"reason,omitempty"`
	Estimated bool          `json:"estimated" doc:"True when AWS may still change the amounts"`
	Currency  string        `json:"currency,omitempty"`
	Total     *Money        `json:"total" doc:"Of the groups that were read; null when none was"`
	Groups    []BilledGroup `json:"groups" doc:"The costliest first, 10,000 at most; the total has them all"`
}

// BilledGroup is what was billed of one service, region, tag or resource.
type BilledGroup struct {
	Key    string `json:"key" doc:"Empty for what has none, such as what lacks the tag"`
	Amount Money  `json:"amount"`
}
