package cli

import (
	"fmt"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type findingsCmd struct {
	Scan  findingsScanCmd  `cmd:"" default:"withargs" help:"List what a scan has found."`
	Live  findingsLiveCmd  `cmd:"" help:"List what is found in all accounts, since when, and what became of it."`
	Ack   findingsAckCmd   `cmd:"" help:"Say why a finding stays as it is: it is no waste then."`
	Unack findingsUnackCmd `cmd:"" help:"Take that back: the finding is open again."`
}

type findingsScanCmd struct {
	Job       string   `help:"Scan to read; else the newest that has finished." placeholder:"JOB"`
	Rule      string   `help:"Only findings of a rule." placeholder:"RULE"`
	Filter    string   `help:"Only findings about resources that a filter selects: by type, region, account, id and name." placeholder:"FILTER"`
	MinSaving *float64 `help:"Only findings that save so many dollars a month, or more." placeholder:"DOLLARS"`
	All       bool     `help:"Also findings that are counted with others."`
	Limit     int      `help:"At most so many findings; 0 is all." placeholder:"N"`
	Rules     bool     `help:"List the rules with what they save, in place of the findings."`
	FailAbove *float64 `help:"Exit with 5 when the findings save more than so many dollars a month." placeholder:"DOLLARS"`
}

var findingColumns = []output.Column{
	{Name: "rule"},
	{Name: "type", Path: "resource_type", Kind: output.Word},
	{Name: "id", Path: "resource_id", Kind: output.ID},
	{Name: "region", Kind: output.Word},
	{Name: "saving", Path: "monthly_saving", Kind: output.Money},
	{Name: "fix", Path: "fix.action"},
	{Name: "risk"},
	{Name: "name", Path: "resource_name"},
	{Name: "confidence", Wide: true},
	{Name: "account", Path: "account_id", Wide: true},
	{Name: "title", Wide: true},
}

var ruleColumns = []output.Column{
	{Name: "rule", Kind: output.ID},
	{Name: "findings", Kind: output.Number},
	{Name: "saving", Path: "monthly_saving", Kind: output.Money},
	{Name: "status", Kind: output.State},
	{Name: "description"},
	{Name: "reason", Wide: true},
}

func (c *findingsScanCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	job, err := newest(e, t, c.Job)
	if err != nil {
		return err
	}
	p := client.ListFindingsParams{Rule: c.Rule, Filter: c.Filter, MinSaving: c.MinSaving}
	if !c.All {
		p.Counted = new(true)
	}
	var summary client.FindingsSummary
	var of scanned
	sum := savings{}
	limit := c.Limit
	if len(e.Sort) > 0 || c.FailAbove != nil {
		limit = 0 // all of them count
	}
	found := pages(limit, func(cursor string, limit int) ([]client.Finding, string, error) {
		p.Cursor, p.Limit = cursor, limit
		a, err := t.ListFindings(e.ctx, job, &p)
		if err != nil {
			return nil, "", err
		}
		summary, of = a.Summary, scanned{a.JobID, a.State, a.Complete}
		sum.add(a.Findings)
		return a.Findings, a.NextCursor, nil
	})
	var all []client.Finding
	for f, err := range found {
		if err != nil {
			return err
		}
		all = append(all, f)
	}
	if c.Rules {
		err = e.print(ruleColumns, output.Of(summary.ByRule))
	} else {
		err = e.first(c.Limit, findingColumns, output.Of(all))
	}
	if err != nil {
		return err
	}
	if summary.Status != "evaluated" {
		e.note("the scan %s has no findings: they are %s%s", of.job, summary.Status, because(summary.Reason))
		return ends(ExitPartial)
	}
	complete := e.about(sum.String(), of)
	if c.FailAbove != nil && sum.dollars > *c.FailAbove {
		e.note("more than the $%s a month of --fail-above", output.Dollars(*c.FailAbove))
		return ends(ExitFindings)
	}
	return complete
}

// savings adds up counted findings: of several about one resource, one.
type savings struct {
	findings, unpriced int
	dollars            float64
}

func (s *savings) add(findings []client.Finding) {
	s.findings += len(findings)
	for _, f := range findings {
		switch {
		case !f.Counted:
		case f.MonthlySaving == nil:
			s.unpriced++
		default:
			s.dollars += *f.MonthlySaving
		}
	}
}

func (s *savings) String() string {
	out := fmt.Sprintf("%s: $%s a month", plural(s.findings, "finding"), output.Dollars(s.dollars))
	if s.unpriced > 0 {
		out += fmt.Sprintf(", and %d of them that cannot be priced", s.unpriced)
	}
	return out
}
