package cli

import (
	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type jobsCmd struct {
	Limit int `help:"At most so many; 0 is all." default:"20" placeholder:"N"`
	ofAccount
}

func (c *jobsCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	rows := pages(c.Limit, func(cursor string, limit int) ([]client.ListedJob, string, error) {
		a, err := t.ListJobs(e.ctx, &client.ListJobsParams{AccountID: c.AccountID, Cursor: cursor, Limit: min(limit, 100)})
		if err != nil {
			return nil, "", err
		}
		return a.Jobs, a.NextCursor, nil
	})
	return e.print(jobColumns, output.Each(uncertain(e, rows, func(j client.ListedJob) bool { return j.AccountUnknown })))
}
