package api

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// BilledBody says what to ask Cost Explorer.
type BilledBody struct {
	_            struct{} `additionalProperties:"false"`
	GroupBy      []string `json:"group_by" minItems:"1" maxItems:"10" maxLength:"132" doc:"service, region, tag:KEY with a tag that is activated for billing, or resource: the EC2 instances of the last 14 days, where the account has switched that on. Each grouping is a sum of its own for each account"`
	Days         int      `json:"days,omitempty" minimum:"1" maximum:"365" doc:"How many days, the last of which is yesterday. Without days, start and end, it is 30"`
	Start        string   `json:"start,omitempty" format:"date" doc:"The first day, as YYYY-MM-DD, in place of days"`
	End          string   `json:"end,omitempty" format:"date" doc:"The last day, which counts"`
	MaxPaidCalls int      `json:"max_paid_calls,omitempty" minimum:"0" maximum:"1000" doc:"How many calls may be made in all. AWS charges the account $0.01 for each. Without it, no call is made. A sum that lacks pages says so"`
}

var billedGroup = regexp.MustCompile(`^(service|region|resource|tag:.{1,128})$`)

const (
	// billedDays are asked for where the request names none.
	billedDays = 30
	// resourceDays are those of which Cost Explorer knows resources.
	resourceDays = 14
)

// request is b with days for dates; nil when nothing is asked for.
func (b *BilledBody) request(now time.Time, fault faultFunc) *tracker.BilledRequest {
	if b == nil {
		return nil
	}
	for _, g := range b.GroupBy {
		if !billedGroup.MatchString(g) {
			fault("billed_cost.group_by", "expected service, region, resource or tag:KEY")
		}
	}
	today := now.UTC().Truncate(24 * time.Hour)
	start, end := b.period(today, fault)
	if slices.Contains(b.GroupBy, "resource") && start.Before(today.AddDate(0, 0, -resourceDays)) {
		fault("billed_cost.group_by", "resources can be asked for in the last %d days only", resourceDays)
	}
	return &tracker.BilledRequest{
		GroupBy: distinct(b.GroupBy), Start: start.Format(time.DateOnly), End: end.Format(time.DateOnly), Days: b.counted(), MaxPaidCalls: b.MaxPaidCalls,
	}
}

// counted is how many days are asked for; 0 when the first and the last are named.
func (b *BilledBody) counted() int {
	if b.Start != "" || b.End != "" {
		return 0
	}
	return cmp.Or(b.Days, billedDays)
}

// period is the first and the last day.
func (b *BilledBody) period(today time.Time, fault faultFunc) (start, end time.Time) {
	if days := b.counted(); days > 0 {
		return today.AddDate(0, 0, -days), today.AddDate(0, 0, -1)
	}
	if b.Days > 0 {
		fault("billed_cost.days", "cannot be combined with start and end")
	}
	start, err := time.Parse(time.DateOnly, b.Start)
	if err != nil {
		fault("billed_cost.start", "expected the first day, as YYYY-MM-DD")
	}
	if end, err = time.Parse(time.DateOnly, b.End); err != nil {
		fault("billed_cost.end", "expected the last day, as YYYY-MM-DD")
	} else if end.Before(start) || end.After(today) {
		fault("billed_cost.end", "expected a day from the first one to today")
	}
	return start, end
}

// billed is what a job's accounts were billed, or why that is not known; nil when
// the job does not ask.
func (s *Server) billed(ctx context.Context, job tracker.Job) (*tracker.BilledReport, error) {
	asked := job.Request.Billed
	if asked == nil {
		return nil, nil
	}
	r, err := s.Results.Billed(ctx, job.ID)
	if err == nil {
		return &r, nil
	}
	if tracker.CodeOf(err) != tracker.CodeNotFound {
		return nil, err
	}
	r = tracker.BilledReport{Start: asked.Start, End: asked.End, Reason: "Cost Explorer is asked when the last cell has closed", Sums: []tracker.BilledSum{}}
	if job.State.Terminal() {
		r.Reason = "the scan ended before Cost Explorer was asked"
	}
	return &r, nil
}
