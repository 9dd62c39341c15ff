package cli

import (
	"strings"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type accessCheckCmd struct {
	scope
	access
	Policy bool `help:"Print the IAM policy with what is missing, and nothing else."`
}

var cellColumns = []output.Column{
	{Name: "outcome", Kind: output.State},
	{Name: "region", Kind: output.Word},
	{Name: "type", Path: "resource_type", Kind: output.Word},
	{Name: "missing", Path: "missing_permissions"},
	{Name: "account", Path: "account_id", Wide: true},
	{Name: "message", Wide: true},
}

func (c *accessCheckCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	k, err := c.keys(e)
	if err != nil {
		return err
	}
	body, err := c.body(k)
	if err != nil {
		return err
	}
	a, err := t.CheckAccess(e.ctx, nil, body)
	if err != nil {
		return err
	}
	return e.checked(t, a.JobID, c.Policy)
}

// checked waits for an access check, and prints what it has found.
func (e *env) checked(t *client.Tracker, id string, policy bool) error {
	e.note("access check %s tries the calls of a scan", id)
	if _, err := t.WaitJob(e.ctx, id, nil); err != nil {
		return err
	}
	r, err := t.GetAccessCheck(e.ctx, id)
	if err != nil {
		return err
	}
	switch {
	case policy && r.Policy == nil:
		e.note("nothing is missing")
	case policy:
		err = e.documents([]map[string]any{r.Policy})
	default:
		err = e.one(r, cellColumns, func() error { return e.checkTable(r) })
	}
	if err != nil {
		return err
	}
	switch {
	case len(r.WouldBeDenied) == 0 && len(r.WouldFail) == 0:
		return nil
	case r.Allowed == 0 && len(r.WouldBeDenied) > 0:
		return ends(ExitDenied)
	}
	return ends(ExitPartial)
}

func (e *env) checkTable(r *client.AccessReport) error {
	for _, caller := range r.Accounts {
		e.say("Account %s, as %s (%s).", caller.AccountID, caller.ARN, strings.ReplaceAll(caller.Method, "+", " and "))
	}
	e.say("%d of %s would be listed in full; %d would be denied, %d would fail.", r.Allowed, plural(r.CellsTotal, "cell"), len(r.WouldBeDenied), len(r.WouldFail))
	cells := append(r.WouldBeDenied, r.WouldFail...) //nolint:gocritic // the report is not used after
	if len(cells) == 0 {
		return nil
	}
	e.say("")
	if err := e.table(cellColumns, output.Of(cells)); err != nil {
		return err
	}
	if r.Policy != nil {
		e.note("tracker access-check --policy prints what to allow; it takes the same flags")
	}
	return nil
}
