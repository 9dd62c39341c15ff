package cli

import (
	"net/url"
	"strconv"
)

type reportCmd struct {
	Format string `help:"How it is written: md, html, csv, csv-excel or json." enum:"md,html,csv,csv-excel,json" default:"md" placeholder:"FORMAT"`
	File   string `help:"File to write; without it, the report is printed." placeholder:"FILE"`
	Days   int    `help:"Of how many days changes and the trend are; 7 without it and --from." placeholder:"N"`
	From   string `help:"In place of --days: a time, a day such as 2026-11-01, or how long ago such as 7d." placeholder:"WHEN"`
	To     string `help:"As of when the report is, as --from; none is now." placeholder:"WHEN"`
	Filter string `help:"Only of resources that a filter selects." placeholder:"FILTER"`
}

// Help implements kong.HelpProvider.
func (reportCmd) Help() string {
	return "A weekly page for who pays: tracker report --days 7 --format html --file report.html"
}

func (c *reportCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	query := url.Values{"format": {c.Format}}
	for name, value := range map[string]string{"from": c.From, "to": c.To, "filter": c.Filter} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if c.Days != 0 {
		query.Set("days", strconv.Itoa(c.Days))
	}
	body, err := t.Open(e.ctx, "/api/v1/reports/summary", query)
	if err != nil {
		return err
	}
	defer body.Close()
	return e.copied(body, "--file", c.File)
}
