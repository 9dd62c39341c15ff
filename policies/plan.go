package policies

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

const (
	tagVerb   = "tag"
	untagVerb = "untag"

	defaultItems   = 100
	defaultPercent = 50
)

// wish is a change that a policy asks for.
type wish struct {
	phase     string
	verb      string
	params    map[string]any
	lift      []string
	resources []Match
	approval  bool
	failures  int // max_failure_percent
}

// tag gives what matches the tags of the policy, unless it has them.
func (r *run) tag(ctx context.Context, p *Policy, result *Result) error {
	var wrong []Match
	for _, m := range result.Resources {
		if !p.Tag.met(m.tags) {
			wrong = append(wrong, m)
		}
	}
	if len(wrong) == 0 {
		result.settle(StateApplied, "everything is tagged as the policy says")
		return nil
	}
	w := wish{phase: tagVerb, verb: untagVerb, params: map[string]any{"keys": p.Tag.Remove}, resources: wrong}
	if len(p.Tag.Set) > 0 {
		w.verb, w.params = tagVerb, map[string]any{"tags": p.Tag.Set}
		if len(p.Tag.Remove) > 0 {
			w.params["remove"] = p.Tag.Remove
		}
	}
	return r.carryOut(ctx, p, result, w)
}

// met reports whether tags are as they are to be.
func (t *Tag) met(tags map[string]string) bool {
	for key, want := range t.Set {
		if is, ok := tags[key]; !ok || is != want {
			return false
		}
	}
	return !slices.ContainsFunc(t.Remove, func(key string) bool { _, ok := tags[key]; return ok })
}

// change makes the plan of the policy.
func (r *run) change(ctx context.Context, p *Policy, result *Result) error {
	return r.carryOut(ctx, p, result, p.wish(result.Resources))
}

func (p *Policy) wish(resources []Match) wish {
	return wish{p.Plan.Verb, p.Plan.Verb, p.Plan.Params, p.Plan.Lift, resources, p.Plan.Approval, p.Plan.MaxFailurePercent}
}

// within reports whether what matches is within the limits of the policy; else nothing of it is planned.
func (r *run) within(p *Policy, result *Result) bool {
	most := cmp.Or(p.Limits.MaxItems, defaultItems)
	dearest := p.Limits.MaxMonthlyCost
	share := r.share(result.Resources, cmp.Or(p.Limits.MaxPercent, defaultPercent))
	switch {
	case result.Matched > most:
		result.settle(StateRefused, "%d resources match, and max_items is %d", result.Matched, most)
	case share != "":
		result.settle(StateRefused, "%s", share)
	case dearest > 0 && result.CostUnknown > 0:
		result.settle(StateRefused, "the cost of %d resources is not known, and max_monthly_cost is $%.2f", result.CostUnknown, dearest)
	case dearest > 0 && result.MonthlyCost > dearest:
		result.settle(StateRefused, "what matches costs $%.2f a month, and max_monthly_cost is $%.2f", result.MonthlyCost, dearest)
	default:
		return true
	}
	return false
}

// carryOut plans the wishes of a policy, one after another, and applies each before the next is looked at.
// One that fails ends it. The policy's state is the worst that any of them comes to.
func (r *run) carryOut(ctx context.Context, p *Policy, result *Result, wishes ...wish) error {
	if !r.within(p, result) {
		return nil
	}
	worst, why := State(""), ""
	for _, w := range wishes {
		if len(w.resources) == 0 {
			continue
		}
		if err := r.fulfil(ctx, p, result, w); err != nil {
			return err
		}
		if worst == "" || slices.Index(outcomes, result.State) < slices.Index(outcomes, worst) {
			worst, why = result.State, result.Message
		}
		if worst == StateFailed {
			break
		}
	}
	result.State, result.Message = worst, why
	return nil
}

// outcomes are the states of a policy that plans, the worst first.
var outcomes = []State{StateFailed, StateRefused, StateWaiting, StatePlanned, StateApplied}

// fulfil plans one wish, and applies the plan where the run applies.
func (r *run) fulfil(ctx context.Context, p *Policy, result *Result, w wish) error {
	answer, err := r.plan(ctx, p, w)
	if errors.Is(err, client.ErrInvalid) { // such as more items than the server lets a plan have
		result.settle(StateRefused, "plan to %s: %s", w.phase, err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("plan to %s: %w", w.phase, err)
	}
	if r.standing(result, w, answer) == StatePlanned && r.Apply {
		id := answer.Plan.PlanID
		if answer, err = r.apply(ctx, answer); err != nil {
			return fmt.Errorf("apply plan %s: %w", id, err)
		}
		if r.standing(result, w, answer) == StatePlanned { // nobody has begun it
			result.settle(StateFailed, "plan %s was not begun", id)
		}
	}
	planned := plannedOf(w.phase, answer)
	err = r.refusals(ctx, &planned)
	result.Plans = append(result.Plans, planned)
	return err
}

// plan makes the plan of a wish. The same wish over the same scan is one plan, however often it is asked
// for: what a dry run has shown is what is applied.
func (r *run) plan(ctx context.Context, p *Policy, w wish) (*client.PlanAnswer, error) {
	creds, err := r.credentials(ctx)
	if err != nil {
		return nil, err
	}
	body := client.PlanBody{Account: creds.Account, RoleARN: creds.RoleARN, ExternalID: creds.ExternalID}
	if w.failures > 0 {
		body.MaxFailurePercent = new(w.failures)
	}
	for _, m := range w.resources {
		body.Actions = append(body.Actions, client.ActionBody{
			ResourceID: m.ResourceID, ResourceType: m.ResourceType, Region: m.Region, AccountID: m.AccountID, Action: w.verb, Params: w.params, Lift: w.lift,
		})
	}
	b, err := json.Marshal([]any{r.job.JobID, p.Name, w.phase, body})
	if err != nil {
		return nil, err
	}
	body.SealedCredentials = creds.Sealed
	sum := sha256.Sum256(b)
	for key := "policy-" + hex.EncodeToString(sum[:16]); ; {
		answer, err := r.tracker.AddPlan(ctx, &client.AddPlanParams{IdempotencyKey: key}, body)
		if err == nil {
			answer, err = r.tracker.WaitPlan(ctx, answer.Plan.PlanID, nil)
		}
		if err != nil {
			return nil, err
		}
		if answer.Plan.State != "expired" {
			return answer, nil
		}
		key = "policy-" + answer.Plan.PlanID // nobody applied it in time: the next one
	}
}

// apply carries a plan out as it was looked at, and waits for its end.
func (r *run) apply(ctx context.Context, a *client.PlanAnswer) (*client.PlanAnswer, error) {
	c, err := r.credentials(ctx)
	if err != nil {
		return nil, err
	}
	_, err = r.tracker.ApplyPlan(ctx, a.Plan.PlanID, nil, client.ApplyBody{
		Digest: a.Plan.Digest, Account: c.Account, RoleARN: c.RoleARN, ExternalID: c.ExternalID, SealedCredentials: c.Sealed,
	})
	if err != nil && !errors.Is(err, client.ErrConflict) { // somebody else may just have applied it
		return nil, err
	}
	now, waitErr := r.tracker.WaitPlan(ctx, a.Plan.PlanID, nil)
	if err != nil && waitErr == nil && now.Plan.State == "planned" {
		return nil, err
	}
	return now, waitErr
}

// standing gives the policy its state from that of its plan.
func (r *run) standing(result *Result, w wish, a *client.PlanAnswer) State {
	plan, refused := a.Plan, a.Plan.Totals.ByState["refused"]
	switch plan.State {
	case "planned":
		switch {
		case refused == plan.Totals.Items:
			result.settle(StateRefused, "rules of the server forbid all of it")
		case (plan.Approval.Required || w.approval) && plan.Approval.By == "":
			result.settle(StateWaiting, "plan %s waits for somebody else to approve it", plan.PlanID)
		default:
			result.settle(StatePlanned, "")
		}
	case "succeeded":
		result.settle(StateApplied, "")
	case "scheduled", "applying":
		result.settle(StateWaiting, "plan %s is %s", plan.PlanID, plan.State)
	default:
		result.settle(StateFailed, "plan %s is %s%s", plan.PlanID, plan.State, reason(plan.Reason))
		if plan.Totals.ByState["verified"] == 0 && refused == plan.Totals.Items && refused > 0 {
			result.settle(StateRefused, "rules of the server forbid all of it")
		}
	}
	return result.State
}

func reason(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}

func plannedOf(phase string, a *client.PlanAnswer) Planned {
	t := a.Plan.Totals
	return Planned{
		Phase: phase, PlanID: a.Plan.PlanID, State: a.Plan.State, Digest: a.Plan.Digest, Items: t.Items, ByState: t.ByState,
		MonthlySaving: t.MonthlySaving, SavingUnknown: t.SavingUnknown, Reason: a.Plan.Reason,
	}
}

// refusals reads which items rules forbid, and why.
func (r *run) refusals(ctx context.Context, planned *Planned) error {
	for item, err := range r.tracker.PlanItems(ctx, planned.PlanID, "refused") {
		if err != nil {
			return fmt.Errorf("items of plan %s: %w", planned.PlanID, err)
		}
		if len(planned.Refusals) == maxRefusals {
			return nil
		}
		refused := Refused{ResourceID: item.ResourceID, Message: item.Ledger.Message}
		if len(item.Refusals) > 0 {
			refused.Rule, refused.Message = item.Refusals[0].Rule, item.Refusals[0].Message
		}
		planned.Refusals = append(planned.Refusals, refused)
	}
	return nil
}
