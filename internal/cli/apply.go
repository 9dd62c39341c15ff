package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type applyCmd struct {
	Plan   string        `arg:"" help:"The plan."`
	Yes    bool          `help:"Carry it out without asking." short:"y"`
	Digest string        `help:"Carry it out without asking, if it has this digest: that of the plan which was looked at." placeholder:"DIGEST"`
	After  time.Duration `help:"Carry it out so much later, such as 2h; until then it can be cancelled." placeholder:"TIME"`
	Wait   bool          `help:"Wait until it has been carried out." default:"true" negatable:""`
	access
}

type approveCmd struct {
	Plan   string `arg:"" help:"The plan."`
	Yes    bool   `help:"Agree without asking." short:"y"`
	Digest string `help:"Agree without asking, if it has this digest." placeholder:"DIGEST"`
}

type undoCmd struct {
	Plan string `arg:"" help:"The plan that was carried out."`
	access
}

func (c *applyCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	if err := cmp.Or(e.lasting(!c.Wait, "--wait=false"), e.lasting(c.After > 0, "--after")); err != nil {
		return err
	}
	digest, err := e.agreed(t, c.Plan, c.Digest, c.Yes, "apply")
	if err != nil {
		return err
	}
	body := client.ApplyBody{Digest: digest, AfterSeconds: set(int(c.After.Seconds()))}
	if c.access != (access{}) {
		k, err := c.keys(e)
		if err != nil {
			return err
		}
		body.Account, body.RoleARN, body.ExternalID = k.account, k.roleARN, k.externalID
		body.SealedCredentials = k.sealed
	}
	plan, err := t.ApplyPlan(e.ctx, c.Plan, nil, body)
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

func (c *approveCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	digest, err := e.agreed(t, c.Plan, c.Digest, c.Yes, "approve")
	if err != nil {
		return err
	}
	plan, err := t.ApprovePlan(e.ctx, c.Plan, client.ApproveInputBody{Digest: digest})
	if err != nil {
		return err
	}
	return e.one(plan.Plan, planColumns, func() error {
		e.say("Plan %s is approved by %s.", c.Plan, cmp.Or(plan.Plan.Approval.By, "you"))
		e.next(plan.Plan)
		return nil
	})
}

func (c *undoCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	k, err := c.keys(e)
	if err != nil {
		return err
	}
	plan, err := t.UndoPlan(e.ctx, c.Plan, nil, client.UndoBody{
		Account: k.account, RoleARN: k.roleARN, ExternalID: k.externalID, SealedCredentials: k.sealed,
	})
	if err != nil {
		return err
	}
	if plan, err = e.looked(t, plan); err != nil {
		return err
	}
	return e.showPlan(t, plan)
}

// agreed is the digest of a plan that the user agrees to: by having looked at it, or now.
func (e *env) agreed(t *client.Tracker, id, digest string, yes bool, verb string) (string, error) {
	plan, err := t.GetPlan(e.ctx, id, nil)
	if err != nil {
		return "", err
	}
	p := plan.Plan
	switch {
	case digest != "" && digest != p.Digest:
		return "", usage("--digest: plan %s has another one, %s: look at it again, `tracker plan show %s`", id, p.Digest, id)
	case p.State == "planning":
		return "", fmt.Errorf("plan %s is still being looked at: `tracker plan show --wait %s` waits for it", id, id)
	case p.Digest == "":
		return "", fmt.Errorf("plan %s is %s, so that there is nothing to %s: %s", id, p.State, verb, cmp.Or(p.Reason, "make another one"))
	case yes || digest != "":
		return p.Digest, nil
	case !e.interactive():
		return "", usage("nobody can be asked here: look at the plan with `tracker plan show %s`, and %s it with --digest %s or --yes", id, verb, p.Digest)
	}
	return p.Digest, e.confirm(t, p, verb)
}

// confirm shows what will be done, and has the user type it.
func (e *env) confirm(t *client.Tracker, p client.PlanView, verb string) error {
	var items []itemRow
	verbs := map[string]int{}
	for i, err := range t.PlanItems(e.ctx, p.PlanID) {
		if err != nil {
			return err
		}
		items = append(items, rowOf(i))
		if i.Ledger.ItemState == "planned" {
			verbs[i.Action]++
		}
	}
	o := e.options()
	o.Format, o.Columns, o.Sort = output.Table, nil, nil
	o.Width, _, _ = size(e.stderr)
	o.Color = e.colored(e.stderr)
	fmt.Fprintf(e.stderr, "Plan %s: %s; %s.\n\n", output.Clean(p.PlanID), counts(p.Totals), saved(p.Totals))
	if _, err := o.Print(e.stderr, itemColumns, output.Of(items)); err != nil {
		return err
	}
	phrase := fmt.Sprintf("%s %d", verb, p.Totals.ByState["planned"])
	if verb == "apply" && len(verbs) == 1 {
		for v, n := range verbs {
			phrase = fmt.Sprintf("%s %d", v, n)
		}
	}
	fmt.Fprintln(e.stderr)
	answer, err := e.ask("Type %q to %s the plan:", phrase, verb)
	if err != nil || answer != phrase {
		return &exit{ExitOther, errors.New("nothing has been changed: it was not confirmed")}
	}
	return nil
}

// carried waits until a plan is planned or has been carried out, and shows how far it is.
func (e *env) carried(t *client.Tracker, id string) (*client.PlanAnswer, error) {
	width, _, live := size(e.stderr)
	live = live && e.getenv("TERM") != "dumb"
	last := ""
	plan, err := t.WaitPlan(e.ctx, id, func(a *client.PlanAnswer) {
		line := fmt.Sprintf("plan %s: %s, %s", id, a.Plan.State, counts(a.Plan.Totals))
		switch {
		case live:
			fmt.Fprintf(e.stderr, "\r%s\x1b[K", output.Cut(output.Clean(line), width-1))
		case line != last:
			e.note("%s", line)
		}
		last = line
	})
	if live {
		fmt.Fprint(e.stderr, "\r\x1b[K")
	}
	switch {
	case err == nil:
		return plan, nil
	case errors.Is(e.ctx.Err(), context.Canceled):
		e.note("the plan goes on without you: tracker plan show --wait %s comes back to it, tracker plan cancel %s ends it", id, id)
		return nil, ends(ExitOther)
	case slices.ContainsFunc([]error{client.ErrNotFound, client.ErrUnauthorized, client.ErrForbidden}, func(kind error) bool { return errors.Is(err, kind) }):
		return nil, err
	}
	return nil, fmt.Errorf("%w; the plan goes on without you: tracker plan show --wait %s comes back to it", err, id)
}
