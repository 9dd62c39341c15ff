package cli

import (
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type quotaCmd struct{}

var quotaColumns = []output.Column{
	{Name: "name", Kind: output.ID}, {Name: "used", Kind: output.Number}, {Name: "limit", Kind: output.Number}, {Name: "per"}, {Name: "resets", Path: "resets_at", Kind: output.Time},
}

func (c *quotaCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	a, err := t.ReadQuota(e.ctx)
	if err != nil {
		return err
	}
	return e.print(quotaColumns, output.Of(a.Quotas))
}
