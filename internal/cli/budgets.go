package cli

import (
	"strconv"
	"strings"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type budgetsCmd struct {
	List   budgetsListCmd   `cmd:"" default:"withargs" help:"List the budgets, and how each stands in this month."`
	Add    budgetsAddCmd    `cmd:"" help:"Say what a month may cost."`
	Set    budgetsSetCmd    `cmd:"" help:"Replace a budget; what is absent is reset."`
	Delete budgetsDeleteCmd `cmd:"" help:"Delete a budget."`
}

type budgetsListCmd struct {
	ExitCode bool `help:"End with 7 where a budget is over, or is forecast to be, and with 3 where one is not known."`
}

// budgetFlags are what can be said of a budget.
type budgetFlags struct {
	Amount     float64  `help:"What a month may cost, in dollars." required:"" placeholder:"DOLLARS"`
	Filter     string   `help:"What it is of, such as tag:team=search; none is everything." placeholder:"FILTER"`
	Thresholds []string `help:"What is told once a month when it is reached: a percentage, of what the month has cost or, after forecast:, of what it is forecast to cost, such as 80,100,forecast:100." placeholder:"LIST"`
}

type budgetsAddCmd struct {
	Name string `arg:"" help:"What people know it by."`
	budgetFlags
}

type budgetsSetCmd struct {
	ID   string `arg:"" help:"The budget."`
	Name string `arg:"" help:"What people know it by."`
	budgetFlags
}

type budgetsDeleteCmd struct {
	ID string `arg:"" help:"The budget."`
}

var budgetColumns = []output.Column{
	{Name: "id", Path: "budget_id", Kind: output.ID},
	{Name: "name"},
	{Name: "state", Path: "standing.state", Kind: output.State},
	{Name: "amount", Path: "monthly_amount", Kind: output.Money},
	{Name: "to_date", Path: "standing.month_to_date", Kind: output.Money},
	{Name: "forecast", Path: "standing.forecast", Kind: output.Money},
	{Name: "over_on", Path: "standing.exceeds_on"},
	{Name: "crossed", Path: "thresholds_crossed"},
	{Name: "unpriced", Path: "standing.unpriced", Kind: output.Number},
	{Name: "low", Path: "standing.low", Kind: output.Money, Wide: true},
	{Name: "high", Path: "standing.high", Kind: output.Money, Wide: true},
	{Name: "method", Path: "standing.method", Wide: true},
	{Name: "assumed_days", Path: "standing.assumed_days", Kind: output.Number, Wide: true},
	{Name: "filter", Wide: true},
}

// budgetRow is a budget with what it has crossed in words.
type budgetRow struct {
	client.BudgetItem
	Crossed string `json:"thresholds_crossed"`
}

func budgetOf(b client.BudgetItem) budgetRow {
	var crossed []string
	for _, c := range b.Crossed {
		text := strconv.FormatFloat(c.Percent, 'f', -1, 64) + "%"
		if c.Of == "forecast" {
			text = "forecast " + text
		}
		crossed = append(crossed, text)
	}
	return budgetRow{b, strings.Join(crossed, ", ")}
}

func (c *budgetsListCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	a, err := t.ListBudgets(e.ctx)
	if err != nil {
		return err
	}
	rows := make([]budgetRow, len(a.Budgets))
	code := ExitComplete
	for i, b := range a.Budgets {
		rows[i] = budgetOf(b)
		switch b.Standing.State {
		case "over", "forecast_over":
			code = ExitOverBudget
		case "unknown":
			if code == ExitComplete {
				code = ExitPartial
			}
		}
	}
	if err := e.print(budgetColumns, output.Of(rows)); err != nil {
		return err
	}
	if len(a.Budgets) > 0 {
		s := a.Budgets[0].Standing
		e.note("%s, day %d of %d, at list prices of what scans saw", s.Month, s.Day, s.Days)
		e.noteCells(client.CellsSeen{Cells: s.Cells, Stale: s.CellsStale, NeverSeen: s.CellsNeverSeen})
	}
	if !c.ExitCode {
		return nil
	}
	return ends(code)
}

// body is the request.
func (f *budgetFlags) body(name string) (client.BudgetBody, error) {
	b := client.BudgetBody{Name: name, Filter: f.Filter, MonthlyAmount: f.Amount}
	for _, text := range f.Thresholds {
		of, percent, named := strings.Cut(text, ":")
		if !named {
			of, percent = "actual", text
		}
		n, err := strconv.ParseFloat(strings.TrimSuffix(percent, "%"), 64)
		if err != nil || of != "actual" && of != "forecast" {
			return b, usage("--thresholds: expected percentages such as 80 or forecast:100, not %q", text)
		}
		b.Thresholds = append(b.Thresholds, client.Threshold{Of: of, Percent: n})
	}
	return b, nil
}

func (c *budgetsAddCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	body, err := c.body(c.Name)
	if err != nil {
		return err
	}
	a, err := t.AddBudget(e.ctx, body)
	if err != nil {
		return err
	}
	return e.budget(a)
}

func (c *budgetsSetCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	body, err := c.body(c.Name)
	if err != nil {
		return err
	}
	a, err := t.PutBudget(e.ctx, c.ID, body)
	if err != nil {
		return err
	}
	return e.budget(a)
}

// budget prints one that was written.
func (e *env) budget(a *client.BudgetAnswer) error {
	row := budgetOf(client.BudgetItem{
		BudgetID: a.BudgetID, ChangedAt: a.ChangedAt, ChangedBy: a.ChangedBy, CreatedAt: a.CreatedAt, Crossed: a.Crossed, Filter: a.Filter, Links: a.Links,
		MonthlyAmount: a.MonthlyAmount, Name: a.Name, Standing: a.Standing, Thresholds: a.Thresholds,
	})
	if err := e.print(budgetColumns, output.Of([]budgetRow{row})); err != nil {
		return err
	}
	if a.Standing.ReckonedAt == nil {
		e.note("its days are reckoned within a minute")
	}
	return nil
}

func (c *budgetsDeleteCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	if err := t.DeleteBudget(e.ctx, c.ID); err != nil {
		return err
	}
	e.note("budget %s is deleted", c.ID)
	return nil
}
