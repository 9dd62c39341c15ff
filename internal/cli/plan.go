package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

type planCmd struct {
	Make   planMakeCmd   `cmd:"" default:"withargs" help:"Plan a change of resources, and change nothing yet."`
	Show   planShowCmd   `cmd:"" help:"Show a plan with its items."`
	List   planListCmd   `cmd:"" help:"List the plans, newest first."`
	Cancel planCancelCmd `cmd:"" help:"Cancel a plan: what has not begun is not run."`
	Resume planResumeCmd `cmd:"" help:"Go on with a plan that is held because too many items failed."`
	Report planReportCmd `cmd:"" help:"Write the report on a plan: what was asked, refused, sent and verified."`
}

// limits are the flags that bound a plan.
type limits struct {
	MaxItems          int `help:"The most items that it may have." placeholder:"N"`
	MaxSharePercent   int `help:"The largest share of a type's resources that it may take." placeholder:"PERCENT"`
	MaxFailurePercent int `help:"The share of failed items that holds the rest." placeholder:"PERCENT"`
}

// change are the flags that say what a verb does.
type change struct {
	Param   map[string]string `help:"What the verb takes, such as retention_days=30." placeholder:"NAME=VALUE"`
	Lift    []string          `help:"Rules that must not stop it, such as termination_protection." placeholder:"RULE"`
	Regions []string          `help:"Regions to select from without --job." placeholder:"REGION"`
}

type planMakeCmd struct {
	What   string        `arg:"" optional:"" name:"verb" help:"A verb, with --filter or IDs; or by itself a rule of tracker findings, to repair what it has found."`
	IDs    []string      `arg:"" optional:"" name:"id" help:"IDs of resources, as a scan answers them."`
	Rule   string        `help:"A rule of tracker findings, to repair what it has found; with --filter, some of it." placeholder:"RULE"`
	Filter string        `help:"Select the resources by a filter." placeholder:"FILTER"`
	Job    string        `help:"The scan to select from. Without it a verb with --filter selects from the account as it is now, and all else from the newest scan." placeholder:"JOB"`
	Canary bool          `help:"One item first, then a tenth, then all; it is so from ten items on." default:"true" negatable:""`
	After  time.Duration `help:"Once applied, carry it out so much later, such as 2h." placeholder:"TIME"`
	limits
	change
	access
}

func (c *planMakeCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	if err := e.lasting(c.After > 0, "--after"); err != nil {
		return err
	}
	plan, err := c.add(e, t)
	if err != nil {
		return err
	}
	if plan, err = e.looked(t, plan); err != nil {
		return err
	}
	return e.showPlan(t, plan)
}

// add makes the plan.
func (c *planMakeCmd) add(e *env, t *client.Tracker) (*client.PlanAnswer, error) {
	if c.Rule != "" || len(c.IDs) == 0 && c.Filter == "" {
		return c.repair(e, t)
	}
	k, err := c.keys(e)
	if err != nil {
		return nil, err
	}
	body := client.PlanBody{
		Account: k.account, RoleARN: k.roleARN, ExternalID: k.externalID, SealedCredentials: k.sealed,
		MaxItems: set(c.MaxItems), MaxSharePercent: set(c.MaxSharePercent), MaxFailurePercent: set(c.MaxFailurePercent),
		AfterSeconds: set(int(c.After.Seconds())), Canary: canary(c.Canary),
	}
	if len(c.IDs) == 0 {
		body.Select = &client.SelectionBody{Action: c.What, Filter: c.Filter, JobID: c.Job, Lift: c.Lift, Params: params(c.Param), Regions: c.Regions}
		return t.AddPlan(e.ctx, nil, body)
	}
	found, err := named(e, t, c.Job, c.IDs)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		body.Actions = append(body.Actions, client.ActionBody{
			AccountID: r.AccountID, Region: r.Region, ResourceType: r.ResourceType, ResourceID: r.ResourceID,
			Action: c.What, Lift: c.Lift, Params: params(c.Param),
		})
	}
	return t.AddPlan(e.ctx, nil, body)
}

// repair plans what a rule proposes.
func (c *planMakeCmd) repair(e *env, t *client.Tracker) (*client.PlanAnswer, error) {
	rule := cmp.Or(c.Rule, c.What)
	if rule == "" || c.Rule != "" && c.What != "" {
		return nil, usage("say what to plan: a verb with --filter or IDs, or a rule of `tracker findings --rules`")
	}
	job, err := newest(e, t, c.Job)
	if err != nil {
		return nil, err
	}
	k, err := c.keys(e)
	if err != nil {
		return nil, err
	}
	body := client.RulePlanBody{
		Account: k.account, RoleARN: k.roleARN, ExternalID: k.externalID, SealedCredentials: k.sealed,
		MaxItems: set(c.MaxItems), MaxSharePercent: set(c.MaxSharePercent), MaxFailurePercent: set(c.MaxFailurePercent),
		AfterSeconds: set(int(c.After.Seconds())), Canary: canary(c.Canary),
	}
	if c.Filter != "" {
		body.Filter = c.Filter
	}
	return t.PlanFindings(e.ctx, job, rule, nil, body)
}

// canary is absent where the server decides.
func canary(on bool) *bool {
	if on {
		return nil
	}
	return &on
}

// params are parameters with their kinds: a number, a switch or a list where the value reads as one.
func params(given map[string]string) map[string]any {
	if len(given) == 0 {
		return nil
	}
	out := map[string]any{}
	for name, value := range given {
		var v any
		if json.Unmarshal([]byte(value), &v) != nil {
			v = value
		}
		out[name] = v
	}
	return out
}

// named are the resources of some IDs in a scan. Each has to be one.
func named(e *env, t *client.Tracker, job string, ids []string) ([]client.Resource, error) {
	job, err := newest(e, t, job)
	if err != nil {
		return nil, err
	}
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(id) + `"`
	}
	var out []client.Resource
	times := map[string]int{}
	for r, err := range t.Resources(e.ctx, job, &client.ListJobResourcesParams{Filter: "id:" + strings.Join(quoted, ",")}) {
		if err != nil {
			return nil, err
		}
		out = append(out, r)
		times[r.ResourceID]++
	}
	for _, id := range ids {
		switch {
		case times[id] == 0:
			return nil, usage("the scan %s has not found %s: `tracker scan` looks again", job, id)
		case times[id] > 1:
			return nil, usage("the scan %s has found %d resources with the ID %s: select one by --filter 'id:%s region:…'", job, times[id], id, id)
		}
	}
	return out, nil
}

// looked waits until a plan has been looked at.
func (e *env) looked(t *client.Tracker, plan *client.PlanAnswer) (*client.PlanAnswer, error) {
	if plan.Plan.State != "planning" {
		return plan, nil
	}
	e.note("plan %s looks at its resources", plan.Plan.PlanID)
	out, err := t.WaitPlan(e.ctx, plan.Plan.PlanID, nil)
	if err != nil {
		return nil, fmt.Errorf("%w; the plan is there: tracker plan show %s", err, plan.Plan.PlanID)
	}
	return out, nil
}
