package actions

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Verdicts and ways of tracker.Permission.
const (
	allowedVerdict = "allowed"
	deniedVerdict  = "denied"
	unknownVerdict = "not_known"

	byDryRun     = "dry_run"
	bySimulation = "simulation"
)

// Preflight says whether the credentials may carry out an item, without changing
// anything: by EC2's DryRun where it exists, else by simulation.
func (a Action) Preflight(ctx context.Context, t Target, item tracker.ActionItem) tracker.Permission {
	r, err := a.look(ctx, t, item.ResourceID)
	if err != nil {
		return notKnown("%v", err)
	}
	return a.permitted(ctx, t, item, r)
}

// permitted is Preflight of a resource that was just seen.
func (a Action) permitted(ctx context.Context, t Target, item tracker.ActionItem, r tracker.Resource) tracker.Permission {
	if r.State == tracker.Gone && !a.starts(r.State) {
		return notKnown("%s %s does not exist", a.Type, item.ResourceID)
	}
	// What is not AWS may take no notice of DryRun, and do it.
	if a.dryRun && t.Config.BaseEndpoint == nil {
		return a.rehearse(ctx, t, tracker.Doing{Item: item, Seen: r, Token: "preflight"})
	}
	return a.simulate(ctx, t, item, r.ARN)
}

// rehearse makes every call of the item with DryRun set. EC2 answers
// DryRunOperation where it would have carried it out, and UnauthorizedOperation
// where the permission is missing; anything else says nothing about permissions.
func (a Action) rehearse(ctx context.Context, t Target, d tracker.Doing) tracker.Permission {
	p := tracker.Permission{Verdict: allowedVerdict, How: byDryRun}
	for _, s := range a.stepsOf(d.Item) {
		var err error
		if s.rehearse != nil {
			_, _, err = s.rehearse.get(ctx, t, d.Item.ResourceID)
		} else {
			err = t.Looks.alone(ctx, func() error {
				c := call{Target: t, Doing: d, dry: aws.Bool(true)}
				if s.sendSome != nil {
					_, err := s.sendSome(ctx, c)
					return err
				}
				_, err := s.send(ctx, c)
				return err
			})
		}
		switch {
		case err == nil, says(err, "DryRunOperation"): // a step may find nothing to do
		case says(err, "UnauthorizedOperation"):
			p.Verdict, p.Message = deniedVerdict, message(err)
			p.Denied = append(p.Denied, s.action)
		default:
			return notKnown("the rehearsal of %s ended with: %s", s.Name, message(err))
		}
	}
	return p
}

// together rehearses a call that takes many instances. EC2 refuses it for all when it
// would for one, so that every answer but DryRunOperation is asked for in smaller
// parts.
func together(send func(ctx context.Context, client *ec2.Client, ids []string) error) *bulk[bool] {
	return &bulk[bool]{
		most: ec2IDs, invalid: []string{"UnauthorizedOperation", "IncorrectInstanceState", "InvalidInstanceID.NotFound"},
		ask: func(ctx context.Context, t Target, ids []string) (map[string]bool, error) {
			err := send(ctx, ec2.NewFromConfig(t.Config), ids)
			if says(err, "DryRunOperation") {
				err = nil
			}
			return nil, err
		},
	}
}

// simulate asks IAM for the calls that change something: those that read were
// just made.
func (a Action) simulate(ctx context.Context, t Target, item tracker.ActionItem, arn string) tracker.Permission {
	if t.Simulate == nil || a.foreign {
		return notKnown("AWS has no rehearsal for %s, and policies cannot be simulated", a.Verb)
	}
	p := tracker.Permission{Verdict: allowedVerdict, How: bySimulation}
	for _, s := range a.stepsOf(item) {
		asked := strings.Join(sdk.Distinct(append([]string{s.action}, s.implied...)), ",")
		denied, _, err := simulations.get(ctx, t, asked+" "+arn+s.below)
		if err != nil {
			return notKnown("the simulation of policies ended with: %s", message(err))
		}
		p.Denied = append(p.Denied, denied...)
	}
	if len(p.Denied) > 0 {
		p.Verdict, p.Denied = deniedVerdict, sdk.Distinct(p.Denied)
	}
	return p
}

// simulations answer which of some actions are denied on a resource: the IDs are both,
// as in "sns:DeleteTopic,sns:GetTopicAttributes arn". IAM names no limit of resources
// in a call; so many keep its answer on one page.
var simulations = &bulk[[]string]{
	most: 50, invalid: []string{"InvalidInput", "ValidationError"},
	apart: func(id string) string {
		actions, arn, _ := strings.Cut(id, " ")
		if arn == "" { // which stands for all resources
			return id
		}
		return actions
	},
	ask: func(ctx context.Context, t Target, ids []string) (map[string][]string, error) {
		asked, _, _ := strings.Cut(ids[0], " ")
		arns := make([]string, len(ids))
		for i, id := range ids {
			arns[i] = strings.TrimPrefix(id, asked+" ")
		}
		denied, err := t.Simulate(ctx, strings.Split(asked, ","), arns)
		found := map[string][]string{}
		for arn, some := range denied {
			found[asked+" "+arn] = some
		}
		return found, err
	},
}

func notKnown(format string, args ...any) tracker.Permission {
	return tracker.Permission{Verdict: unknownVerdict, Message: fmt.Sprintf(format, args...)}
}

// message is what AWS says of an error.
func message(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode() + ": " + e.ErrorMessage()
	}
	return err.Error()
}
