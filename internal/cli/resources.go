package cli

import (
	"errors"
	"fmt"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type resourcesCmd struct {
	Job    string `help:"Scan to read; else what all scans saw last." placeholder:"JOB"`
	Filter string `help:"Only resources that a filter selects, such as 'type:EBS_Volume state:available cost>5'." placeholder:"FILTER"`
	Limit  int    `help:"At most so many resources; 0 is all." placeholder:"N"`
}

var resourceColumns = []output.Column{
	{Name: "type", Path: "resource_type", Kind: output.Word},
	{Name: "id", Path: "resource_id", Kind: output.ID},
	{Name: "name", Path: "resource_name"},
	{Name: "region", Kind: output.Word},
	{Name: "state", Kind: output.State},
	{Name: "cost", Path: "estimated_cost_monthly", Kind: output.Money},
	{Name: "account", Path: "account_id", Wide: true},
	{Name: "created", Path: "creation_date", Kind: output.Time, Wide: true},
	{Name: "tags", Wide: true},
}

func (c *resourcesCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	var of scanned
	n, limit := 0, c.Limit
	if len(e.Sort) > 0 {
		limit = 0 // the first in order may come last
	}
	rows := pages(limit, func(cursor string, limit int) ([]client.Resource, string, error) {
		page, err := resourcesPage(e, t, c.Job, c.Filter, cursor, limit)
		if err != nil {
			return nil, "", err
		}
		of = scanned{c.Job, page.State, page.Complete}
		n += len(page.Resources)
		return page.Resources, page.NextCursor, nil
	})
	if err := e.first(c.Limit, resourceColumns, output.Each(rows)); err != nil {
		return err
	}
	if c.Limit > 0 {
		n = min(n, c.Limit)
	}
	return e.about(plural(n, "resource"), of)
}

func resourcesPage(e *env, t *client.Tracker, job, filter, cursor string, limit int) (*client.ResourcesAnswer, error) {
	if job != "" {
		return t.ListJobResources(e.ctx, job, &client.ListJobResourcesParams{Filter: filter, Cursor: cursor, Limit: limit})
	}
	page, err := t.ListResources(e.ctx, &client.ListResourcesParams{Filter: filter, Cursor: cursor, Limit: limit})
	if errors.Is(err, client.ErrNotFound) {
		return nil, noScan()
	}
	return page, err
}

// scanned is the scan that an answer is about; without a job it is about all of them.
type scanned struct {
	job, state string
	complete   bool
}

func noScan() error {
	return errors.New("no scan has finished yet: `tracker scan` starts one")
}

// newest is the newest finished scan, or the one that is named.
func newest(e *env, t *client.Tracker, job string) (string, error) {
	if job != "" {
		return job, nil
	}
	page, err := resourcesPage(e, t, "", "", "", 1)
	if err == nil && page.JobID == "" {
		err = errors.New("no finished scan is kept any more: `tracker scan` starts one")
	}
	if err != nil {
		return "", err
	}
	return page.JobID, nil
}

// about says which scan an answer is of. What is of a scan that did not see everything ends as partial.
func (e *env) about(what string, of scanned) error {
	switch {
	case of.complete && of.job == "":
		e.note("%s; everything was seen that was looked at", what)
	case of.complete:
		e.note("%s; the scan %s is complete", what, of.job)
	case of.job == "":
		e.note("%s; not everything was seen: tracker jobs lists the scans, tracker scan --watch JOB says what one of them is missing", what)
	default:
		e.note("%s; the scan %s is %s and not complete: tracker scan --watch %s says what is missing", what, of.job, of.state, of.job)
	}
	if !of.complete {
		return ends(ExitPartial)
	}
	return nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%s %ss", output.Thousands(float64(n), 0), noun)
}
