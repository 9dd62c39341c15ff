package cli

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type findingsLiveCmd struct {
	Open         bool     `help:"Those that are open and not acknowledged; so it is without a state." xor:"state"`
	Acknowledged bool     `help:"Those that somebody has said to stay." xor:"state"`
	Resolved     bool     `help:"Those that are no more, with what was saved." xor:"state"`
	All          bool     `help:"Those in any state." xor:"state"`
	By           string   `help:"Sums in place of findings: by rule, account, region, type, confidence, resolution, month (in which they were resolved) or tag:KEY, such as that of owners." placeholder:"GROUP"`
	Rule         []string `help:"Only of these rules." placeholder:"RULE"`
	Account      []string `help:"Only in these accounts." placeholder:"ACCOUNT"`
	Region       []string `help:"Only in these regions." placeholder:"REGION"`
	Type         []string `help:"Only about resources of these types." placeholder:"TYPE"`
	Confidence   []string `help:"Only of these confidences: high, medium, low, none." placeholder:"NAME"`
	Tag          []string `help:"Only about resources with this tag, such as owner=data; repeated for several." sep:"none" placeholder:"KEY=VALUE"`
	Resource     string   `help:"Only about resources with this ID." placeholder:"ID"`
	MinSaving    *float64 `help:"Only findings that save so many dollars a month, or more." placeholder:"DOLLARS"`
	Since        string   `help:"Only those that were resolved since a day such as 2026-11-01, or so long ago such as 30d." placeholder:"WHEN"`
	Limit        int      `help:"At most so many findings, those that save most; 0 is all." placeholder:"N"`
}

type findingsAckCmd struct {
	ID     string `arg:"" help:"The finding, as findings live --columns finding_id shows it."`
	Reason string `help:"Why it stays as it is." required:"" placeholder:"TEXT"`
	Until  string `help:"When it is to count again by itself: a time, a day such as 2026-12-31, or how long from now such as 90d; none is never." placeholder:"WHEN"`
}

type findingsUnackCmd struct {
	ID string `arg:"" help:"The finding."`
}

var liveColumns = []output.Column{
	{Name: "rule"},
	{Name: "account", Path: "account_id", Kind: output.Word},
	{Name: "id", Path: "resource_id", Kind: output.ID},
	{Name: "region", Kind: output.Word},
	{Name: "saving", Path: "monthly_saving", Kind: output.Money},
	{Name: "state", Kind: output.State},
	{Name: "since", Path: "opened_at", Kind: output.Time},
	{Name: "realised", Path: "realised_saving", Kind: output.Money},
	{Name: "resolution"},
	{Name: "unconfirmed", Wide: true},
	{Name: "confidence", Wide: true},
	{Name: "type", Path: "resource_type", Wide: true},
	{Name: "name", Path: "resource_name", Wide: true},
	{Name: "seen", Path: "seen_at", Kind: output.Time, Wide: true},
	{Name: "resolved", Path: "resolved_at", Kind: output.Time, Wide: true},
	{Name: "reopened", Kind: output.Number, Wide: true},
	{Name: "why", Path: "acknowledgement.reason", Wide: true},
	{Name: "finding_id", Wide: true},
	{Name: "tags", Wide: true},
}

var liveGroupColumns = []output.Column{
	{Name: "key", Kind: output.ID},
	{Name: "findings", Kind: output.Number},
	{Name: "saving", Path: "monthly_saving", Kind: output.Money},
	{Name: "unpriced", Kind: output.Number},
	{Name: "realised", Path: "realised_saving", Kind: output.Money},
	{Name: "unconfirmed", Kind: output.Number},
	{Name: "counted", Kind: output.Number, Wide: true},
	{Name: "realised_unknown", Kind: output.Number, Wide: true},
}

// state is the one that flags ask for, as the API names it.
func (c *findingsLiveCmd) state() string {
	switch {
	case c.Acknowledged:
		return "acknowledged"
	case c.Resolved:
		return "resolved"
	case c.All:
		return "all"
	}
	return "open"
}

func (c *findingsLiveCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	p := client.ListLiveFindingsParams{
		State: c.state(), Rule: c.Rule, AccountID: c.Account, Region: c.Region, ResourceType: c.Type, Confidence: c.Confidence,
		Tag: c.Tag, ResourceID: c.Resource, MinSaving: c.MinSaving, ResolvedSince: c.Since, GroupBy: c.By,
	}
	var summary client.FindingGroup
	if c.By != "" {
		a, err := t.ListLiveFindings(e.ctx, &p)
		if err != nil {
			return err
		}
		for i := range a.Groups {
			a.Groups[i].Key = cmp.Or(a.Groups[i].Key, "(none)")
		}
		summary = a.Summary
		err = e.first(c.Limit, liveGroupColumns, output.Of(a.Groups))
		if err != nil {
			return err
		}
		e.noteFindings(summary)
		return nil
	}
	limit := c.Limit
	if len(e.Sort) > 0 {
		limit = 0 // the first in order may come last
	}
	found := pages(limit, func(cursor string, limit int) ([]client.LiveFinding, string, error) {
		p.Cursor, p.Limit = cursor, limit
		a, err := t.ListLiveFindings(e.ctx, &p)
		if err != nil {
			return nil, "", err
		}
		summary = a.Summary
		return a.Findings, a.NextCursor, nil
	})
	if err := e.first(c.Limit, liveColumns, output.Each(found)); err != nil {
		return err
	}
	e.noteFindings(summary)
	return nil
}

// noteFindings sums up all that was asked for, whatever was shown of it.
func (e *env) noteFindings(s client.FindingGroup) {
	text := fmt.Sprintf("%s: $%s a month", plural(s.Findings, "finding"), output.Dollars(s.MonthlySaving))
	if s.Unpriced > 0 {
		text += fmt.Sprintf(", and %d of them that cannot be priced", s.Unpriced)
	}
	if s.RealisedSaving != 0 || s.RealisedUnknown > 0 {
		text += fmt.Sprintf("; realised: $%s a month", output.Dollars(s.RealisedSaving))
	}
	if s.RealisedUnknown > 0 {
		text += fmt.Sprintf(", and %d of which it is not known", s.RealisedUnknown)
	}
	e.note("%s", text)
	if s.Unconfirmed > 0 {
		e.note("of %d the newest scan could not say whether they are still so", s.Unconfirmed)
	}
}

func (c *findingsAckCmd) Run(e *env) error {
	body := client.AcknowledgeBody{Reason: c.Reason}
	if c.Until != "" {
		until, err := momentAfter(c.Until, time.Now())
		if err != nil {
			return usage("--until: %v", err)
		}
		body.Until = &until
	}
	t, err := e.client()
	if err != nil {
		return err
	}
	a, err := t.AcknowledgeFinding(e.ctx, c.ID, body)
	if err != nil {
		return err
	}
	return e.one(a.Finding, liveColumns, func() error {
		until := ", for good"
		if body.Until != nil {
			until = " until " + body.Until.UTC().Format(time.RFC3339)
		}
		e.say("%s stays as it is%s.", a.Finding.FindingID, until)
		return nil
	})
}

func (c *findingsUnackCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	if err := t.UnacknowledgeFinding(e.ctx, c.ID); err != nil {
		return err
	}
	e.note("%s is open again", c.ID)
	return nil
}

// momentAfter reads a time, a day (its begin in UTC), or how many days or weeks after now.
func momentAfter(text string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	var n int
	var unit string
	if _, err := fmt.Sscanf(text, "%d%s", &n, &unit); err == nil && n > 0 && n < 10_000 {
		if days, ok := map[string]int{"d": 1, "w": 7}[strings.TrimSpace(unit)]; ok {
			return now.AddDate(0, 0, n*days), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a time such as 2026-12-31T00:00:00Z, nor a day such as 2026-12-31, nor how long such as 90d or 4w", text)
}
