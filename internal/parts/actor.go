package parts

import (
	"context"
	"slices"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/tracker"
)

var _ plans.Actor = account{}

func (a account) Bind(item tracker.ActionItem) (plans.Action, error) {
	a.SetAccount(item.AccountID) // it pays from the account's budget
	b, err := actions.Bind(actions.Target{
		Config: a.Config(item.Region), AccountID: item.AccountID, ProtectTags: a.protectTags, Looks: a.looks,
		Simulate: func(ctx context.Context, asked, arns []string) (map[string][]string, error) {
			if slices.Equal(arns, []string{""}) { // on any resource
				denied, err := a.SimulateIn(ctx, item.Region, asked)
				return map[string][]string{"": denied}, err
			}
			return a.SimulateEach(ctx, item.Region, asked, arns)
		},
	}, item)
	if err != nil {
		return nil, err // and no action that is a nil pointer
	}
	return b, nil
}
