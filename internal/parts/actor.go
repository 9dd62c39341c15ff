package parts

import (
	"context"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/tracker"
)

var _ plans.Actor = account{}

// CheckAction refuses an item whose parameters its action does not take.
func CheckAction(item tracker.ActionItem) error {
	action, err := find(item)
	if err != nil {
		return err
	}
	return action.Validate(item)
}

// find returns the action of an item. Plans hold none that the catalogue lacks, but
// a worker may be older than the one that planned.
func find(item tracker.ActionItem) (actions.Action, error) {
	action, ok := actions.Find(item.Type, item.Verb)
	if !ok {
		return action, tracker.Errorf(tracker.CodeConflict, "this worker knows no %s of %s", item.Verb, item.Type)
	}
	return action, nil
}

func (a account) target(item tracker.ActionItem) actions.Target {
	a.SetAccount(item.AccountID) // it pays from the account's budget
	return actions.Target{Config: a.Config(item.Region), AccountID: item.AccountID, ProtectTags: a.protectTags, Simulate: a.denied}
}

// denied asks IAM which actions the credentials may not call on a resource.
func (a account) denied(ctx context.Context, actions []string, arn string) ([]string, error) {
	if arn == "" {
		return a.Session.Simulate(ctx, actions)
	}
	return a.Session.Simulate(ctx, actions, arn)
}

func (a account) Look(ctx context.Context, item tracker.ActionItem) (tracker.Sight, error) {
	action, err := find(item)
	if err != nil {
		return tracker.Sight{}, err
	}
	return action.Look(ctx, a.target(item), item)
}

func (a account) Preflight(ctx context.Context, item tracker.ActionItem) tracker.Permission {
	action, err := find(item)
	if err != nil {
		return tracker.Permission{Verdict: "not_known", Message: err.Error()}
	}
	return action.Preflight(ctx, a.target(item), item)
}

func (a account) Steps(item tracker.ActionItem) []plans.Step {
	action, err := find(item)
	if err != nil {
		return nil
	}
	var steps []plans.Step
	for _, s := range action.Steps(item) {
		steps = append(steps, plans.Step{Name: s.Name, Repeatable: s.Repeatable})
	}
	return steps
}

func (a account) Send(ctx context.Context, step string, d tracker.Doing) (tracker.Receipt, error) {
	action, err := find(d.Item)
	if err != nil {
		return tracker.Receipt{}, err
	}
	return action.Send(ctx, a.target(d.Item), step, d)
}

func (a account) Check(ctx context.Context, step string, d tracker.Doing) (tracker.StepProgress, error) {
	action, err := find(d.Item)
	if err != nil {
		return tracker.StepProgress{}, err
	}
	return action.Check(ctx, a.target(d.Item), step, d)
}

func (a account) Inverse(d tracker.Doing) (tracker.ActionItem, bool) {
	action, err := find(d.Item)
	if err != nil {
		return tracker.ActionItem{}, false
	}
	return action.Inverse(d)
}
