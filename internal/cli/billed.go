package cli

import (
	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type billedCmd struct {
	By   string `help:"What is summed by: account, day, region or service." enum:"account,day,region,service" default:"account"`
	From string `help:"The first day, such as 2026-11-01, or how long ago such as 7d or 4w; none is the first of the month." placeholder:"WHEN"`
	To   string `help:"The last day, as --from; none is today." placeholder:"WHEN"`
}

var billColumns = []output.Column{
	{Name: "key", Kind: output.ID},
	{Name: "currency"},
	{Name: "billed", Kind: output.Money},
	{Name: "effective", Kind: output.Money, Wide: true},
	{Name: "usage", Kind: output.Money},
	{Name: "estimate", Kind: output.Money},
	{Name: "difference", Kind: output.Money},
	{Name: "unpriced", Kind: output.Number, Wide: true},
}

func (c *billedCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	a, err := t.ListBilled(e.ctx, &client.ListBilledParams{By: c.By, From: c.From, To: c.To})
	if err != nil {
		return err
	}
	if err := e.print(billColumns, output.Of(a.Billed)); err != nil {
		return err
	}
	e.note("%s to %s", a.From, a.To)
	if a.ReadAt != nil {
		e.note("files were last read at %s", a.ReadAt.Format("2006-01-02 15:04 MST"))
	}
	if a.Compared != nil {
		e.note("usage, estimate and difference are of %s to %s", a.Compared.From, a.Compared.To)
	}
	for _, f := range a.Faults {
		e.note("not read: %s", f)
	}
	for _, n := range a.NotCovered {
		e.note("not covered: %s", n)
	}
	return nil
}
