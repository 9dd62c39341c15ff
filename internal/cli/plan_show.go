package cli

import (
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type planShowCmd struct {
	Plan  string   `arg:"" help:"The plan."`
	State []string `help:"Only items in these states, such as failed,refused." placeholder:"STATE"`
	Wait  bool     `help:"Wait until it is planned, or has been carried out."`
}

type planListCmd struct {
	Limit int `help:"At most so many; 0 is all." default:"20" placeholder:"N"`
	ofAccount
}

type planCancelCmd struct {
	Plan string `arg:"" help:"The plan."`
}

type planResumeCmd struct {
	Plan string `arg:"" help:"The plan."`
	Wait bool   `help:"Wait until it has been carried out." default:"true" negatable:""`
	access
}

type planReportCmd struct {
	Plan   string `arg:"" help:"The plan."`
	Format string `help:"Form of the report: json, csv or html." enum:"json,csv,html" default:"html" placeholder:"FORM"`
	To     string `help:"File to write it to; else it is printed." placeholder:"FILE"`
}

var planColumns = []output.Column{
	{Name: "plan", Path: "plan_id", Kind: output.ID},
	{Name: "state", Kind: output.State},
	{Name: "items", Path: "totals.items", Kind: output.Number},
	{Name: "saving", Path: "totals.monthly_saving", Kind: output.Money},
	{Name: "created", Path: "created_at", Kind: output.Time},
	{Name: "author"},
	{Name: "reason", Wide: true},
}

var itemColumns = []output.Column{
	{Name: "item", Path: "index", Kind: output.Number},
	{Name: "state", Path: "ledger.item_state", Kind: output.State},
	{Name: "action"},
	{Name: "type", Path: "resource_type", Kind: output.Word},
	{Name: "id", Path: "resource_id", Kind: output.ID},
	{Name: "region", Kind: output.Word},
	{Name: "saving", Path: "monthly_saving", Kind: output.Money},
	{Name: "name", Path: "resource_name", Wide: true},
	{Name: "was", Path: "state", Wide: true},
	{Name: "undo", Wide: true},
	{Name: "why", Wide: true},
}

// itemRow is an item with why it is as it is.
type itemRow struct {
	client.PlanItem
	Why string `json:"why,omitempty"`
}

func rowOf(i client.PlanItem) itemRow {
	row := itemRow{PlanItem: i, Why: i.Ledger.Message}
	for _, r := range i.Refusals {
		if !strings.Contains(row.Why, r.Message) {
			row.Why = strings.TrimPrefix(row.Why+"; "+r.Rule+": "+r.Message, "; ")
		}
	}
	if row.Why == "" && i.Ledger.Error != nil {
		row.Why = i.Ledger.Error.Message
	}
	if row.Why == "" && i.Permission != nil && i.Permission.Verdict == "denied" {
		row.Why = "AWS would deny " + strings.Join(i.Permission.Denied, ", ")
	}
	return row
}

func (c *planShowCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	plan, err := t.GetPlan(e.ctx, c.Plan, &client.GetPlanParams{ItemState: c.State})
	if err != nil {
		return err
	}
	if c.Wait {
		if plan, err = e.carried(t, c.Plan); err != nil {
			return err
		}
	}
	return e.showPlan(t, plan, c.State...)
}

func (c *planListCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	rows := pages(c.Limit, func(cursor string, limit int) ([]client.PlanView, string, error) {
		a, err := t.ListPlans(e.ctx, &client.ListPlansParams{AccountID: c.AccountID, Cursor: cursor, Limit: min(limit, 100)})
		if err != nil {
			return nil, "", err
		}
		return a.Plans, a.NextCursor, nil
	})
	return e.print(planColumns, output.Each(uncertain(e, rows, func(p client.PlanView) bool { return p.AccountUnknown })))
}

func (c *planCancelCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	plan, err := t.CancelPlan(e.ctx, c.Plan)
	if err != nil {
		return err
	}
	return e.one(plan.Plan, planColumns, func() error {
		e.say("Plan %s: %s.", plan.Plan.PlanID, plan.Plan.State)
		return nil
	})
}

func (c *planResumeCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	if err := e.lasting(!c.Wait, "--wait=false"); err != nil {
		return err
	}
	k, err := c.keys(e)
	if err != nil {
		return err
	}
	plan, err := t.ResumePlan(e.ctx, c.Plan, nil, client.ResumeBody{
		Account: k.account, RoleARN: k.roleARN, ExternalID: k.externalID, SealedCredentials: k.sealed,
	})
	if err != nil {
		return err
	}
	if c.Wait {
		if plan, err = e.carried(t, c.Plan); err != nil {
			return err
		}
	}
	return e.showPlan(t, plan)
}

func (c *planReportCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	body, err := t.Open(e.ctx, "/api/v1/plans/"+url.PathEscape(c.Plan)+"/report", url.Values{"format": {c.Format}})
	if err != nil {
		return err
	}
	defer body.Close()
	return e.copied(body, "--to", c.To)
}

// copied writes what the server answers to a file, which a flag names, or prints it.
func (e *env) copied(body io.Reader, flag, file string) (err error) {
	to := e.stdout
	if e.options().Terminal {
		to = &cleaner{e.stdout}
	}
	if file != "" {
		f, fault := os.Create(filepath.Clean(file))
		if fault != nil {
			return usage("%s: %w", flag, fault)
		}
		defer func() {
			if closing := f.Close(); err == nil {
				err = closing
			}
		}()
		to = f
	}
	_, err = io.Copy(to, body)
	return err
}

// cleaner writes lines to a terminal, which obeys nothing of them.
type cleaner struct{ to io.Writer }

func (c *cleaner) Write(b []byte) (int, error) {
	for line := range strings.Lines(string(b)) {
		text, whole := strings.CutSuffix(line, "\n")
		if text = output.Clean(text); whole {
			text += "\n"
		}
		if _, err := io.WriteString(c.to, text); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// showPlan prints a plan with its items, and what to do next.
func (e *env) showPlan(t *client.Tracker, plan *client.PlanAnswer, states ...string) error {
	var items []itemRow
	for i, err := range t.PlanItems(e.ctx, plan.Plan.PlanID, states...) {
		if err != nil {
			return err
		}
		items = append(items, rowOf(i))
	}
	p := plan.Plan
	whole := struct {
		Plan  client.PlanView `json:"plan"`
		Items []itemRow       `json:"items"`
	}{p, items}
	if e.Output == output.CSV || e.Output == output.NDJSON || e.Output == output.Table && len(e.Columns) > 0 {
		if err := e.print(itemColumns, output.Of(items)); err != nil {
			return err
		}
		return ends(exitOfPlan(p))
	}
	err := e.one(whole, itemColumns, func() error {
		e.say("Plan %s: %s.%s", p.PlanID, p.State, because(p.Reason))
		e.say("%s; %s.", counts(p.Totals), saved(p.Totals))
		if len(items) > 0 {
			e.say("")
			if err := e.print(itemColumns[:len(itemColumns)-1], output.Of(items)); err != nil {
				return err
			}
			e.reasons(items)
		}
		e.next(p)
		return nil
	})
	if err != nil {
		return err
	}
	return ends(exitOfPlan(p))
}

// reasons says why items are refused or failed, and which rules can be lifted.
func (e *env) reasons(items []itemRow) {
	told := 0
	for _, i := range items {
		if i.Why == "" || i.Ledger.ItemState == "verified" {
			continue
		}
		if told++; told > mostCauses {
			continue
		}
		e.say("  item %d, %s: %s", i.Index, i.ResourceID, i.Why)
		for _, r := range i.Refusals {
			if r.Liftable {
				e.say("      --lift %s lifts that", r.Rule)
			}
		}
	}
	if told > mostCauses {
		e.say("  and %s: -o json has them", plural(told-mostCauses, "more reason"))
	}
}

// next says what can be done with a plan.
func (e *env) next(p client.PlanView) {
	switch {
	case p.State == "planned" && p.Approval.Required && p.Approval.At == nil:
		e.note("until %s; somebody else has to agree first: tracker approve %s --digest %s", when(p.ExpiresAt), p.PlanID, p.Digest)
	case p.State == "planned" && p.Totals.ByState["planned"] == 0:
		e.note("nothing of it can be carried out")
	case p.State == "planned":
		e.note("nothing has been changed; until %s: tracker apply %s", when(p.ExpiresAt), p.PlanID)
	case p.State == "scheduled" && p.ApplyAt != nil:
		e.note("it is carried out at %s; until then: tracker plan cancel %s", when(*p.ApplyAt), p.PlanID)
	case p.State == "applying", p.State == "planning":
		e.note("it goes on by itself: tracker plan show --wait %s", p.PlanID)
	case p.State == "held":
		e.note("too many items failed: tracker plan resume %s goes on, tracker plan cancel %s ends it", p.PlanID, p.PlanID)
	case p.Totals.ByState["verified"] > 0 && p.UndoneBy == "":
		e.note("what can be undone: tracker undo %s", p.PlanID)
	}
}

func when(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// counts says how many items there are, and in which states.
func counts(t client.PlanTotals) string {
	parts := []string{}
	for _, s := range slices.Sorted(maps.Keys(t.ByState)) {
		if n := t.ByState[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ReplaceAll(s, "_", " ")))
		}
	}
	if len(parts) == 0 {
		return plural(t.Items, "item")
	}
	return plural(t.Items, "item") + ": " + strings.Join(parts, ", ")
}

// saved says what a plan saves a month, or costs.
func saved(t client.PlanTotals) string {
	out := "saves $" + output.Dollars(t.MonthlySaving)
	if t.MonthlySaving < 0 {
		out = "costs $" + output.Dollars(-t.MonthlySaving)
	}
	out += " a month"
	if t.SavingUnknown > 0 {
		out += fmt.Sprintf(", without %s whose saving is not known", plural(t.SavingUnknown, "item"))
	}
	return out
}

// exitOfPlan is what the program ends with after showing a plan, or after carrying it out.
func exitOfPlan(p client.PlanView) int {
	switch p.State {
	case "failed", "expired":
		return ExitOther
	case "partial", "held":
		return ExitPartial
	}
	for _, bad := range []string{"refused", "failed", "blocked", "verify_timeout", "reappeared"} {
		if p.Totals.ByState[bad] > 0 {
			return ExitPartial
		}
	}
	return ExitComplete
}
