package actions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// step is a tracker.Step and how it is done.
type step struct {
	tracker.Step
	when func(tracker.ActionItem) bool // nil: always
	// tokened says that the call carries a client token, so that AWS itself makes a
	// repetition harmless.
	tokened bool
	action  string   // the IAM action of the call that changes something
	others  []string // IAM actions that send and check call besides
	implied []string // IAM actions that AWS asks for besides those of the calls
	below   string   // what follows the resource's ARN in what IAM decides by
	// keys are the KMS actions that AWS calls with the caller's permissions where what the
	// step changes is encrypted under a key of the account. IAM decides them by the key.
	keys []string
	send func(ctx context.Context, c call) (left map[string]string, err error)
	// sendSome is send for a step that changes many things bit by bit.
	sendSome func(ctx context.Context, c call) (changes, error)
	// rehearse is send with EC2's DryRun for many resources at once, where that is the
	// same for all of them; nil rehearses one by one.
	rehearse *bulk[bool]
	// check is nil for the step that brings about the action's own states.
	check func(ctx context.Context, c call) (tracker.StepProgress, error)
}

// call is what a step is sent and checked with.
type call struct {
	Target
	tracker.Doing
	dry *bool // EC2's DryRun
}

func (c call) id() *string { return aws.String(c.Item.ResourceID) }

// Steps returns those that apply to an item, in order.
func (a Action) Steps(item tracker.ActionItem) []tracker.Step {
	var out []tracker.Step
	for _, s := range a.stepsOf(item) {
		out = append(out, s.Step)
	}
	return out
}

func (a Action) stepsOf(item tracker.ActionItem) []step {
	return slices.DeleteFunc(slices.Clone(a.steps), func(s step) bool { return s.when != nil && !s.when(item) })
}

func (a Action) step(item tracker.ActionItem, name string) (step, error) {
	steps := a.stepsOf(item)
	i := slices.IndexFunc(steps, func(s step) bool { return s.Name == name })
	if i < 0 {
		return step{}, fmt.Errorf("%s of %s has no step %q", a.Verb, a.Type, name)
	}
	return steps[i], nil
}

// Send makes the mutating call of a step, once. An error that AWS did not answer
// leaves open whether the call was carried out: Check tells.
func (a Action) Send(ctx context.Context, t Target, name string, d tracker.Doing) (tracker.Receipt, error) {
	if err := a.refuse(d.Item); err != nil {
		return tracker.Receipt{}, err
	}
	s, err := a.step(d.Item, name)
	if err != nil {
		return tracker.Receipt{}, err
	}
	if !s.tokened {
		t = t.once()
	}
	var receipt tracker.Receipt
	c := call{Target: t.recording(&receipt.RequestID), Doing: d}
	if s.sendSome != nil {
		var some changes
		some, err = s.sendSome(ctx, c)
		some.note(&receipt)
	} else {
		receipt.Left, err = s.send(ctx, c)
	}
	if err != nil {
		return receipt, fmt.Errorf("%s %s %s: %w", name, a.Type, d.Item.ResourceID, err)
	}
	return receipt, nil
}

// Check reads back how far a step has come.
func (a Action) Check(ctx context.Context, t Target, name string, d tracker.Doing) (tracker.StepProgress, error) {
	s, err := a.step(d.Item, name)
	if err != nil {
		return tracker.StepProgress{}, err
	}
	if s.check == nil {
		return a.checkState(ctx, t, d)
	}
	p, err := s.check(ctx, call{Target: t, Doing: d})
	if err != nil {
		return tracker.StepProgress{}, fmt.Errorf("check %s %s %s: %w", name, a.Type, d.Item.ResourceID, err)
	}
	return p, nil
}

// checkState is the check of the step that brings about the action's states.
func (a Action) checkState(ctx context.Context, t Target, d tracker.Doing) (tracker.StepProgress, error) {
	r, err := a.look(ctx, t, d.Item.ResourceID)
	if err != nil {
		return tracker.StepProgress{}, err
	}
	p := tracker.StepProgress{Stage: a.stage(r, d.Item), State: r.State}
	if a.progress != nil { // its state is none of those that it waits for
		k := a.kind
		k.rests = nil
		return k.ended(p, r, d), nil
	}
	return a.ended(p, r, d), nil
}

const (
	// factReason is AWS's reason for the state of a resource.
	factReason = "state_reason"
	// shownAfter is how long after AWS took a call a look may still show the state from
	// before it, of types that have states of rest: they are described as they are.
	shownAfter = 2 * time.Minute
	// movedAfter is as long, where a look has shown the step under way since: looks may
	// overtake each other.
	movedAfter = 10 * time.Second
)

// ended is the progress of a step by the state of its resource. One that rests where it
// began, or elsewhere, after AWS took the call goes nowhere any more: an instance that
// cannot read its volumes starts and stops again at once.
func (k kind) ended(p tracker.StepProgress, r tracker.Resource, d tracker.Doing) tracker.StepProgress {
	rests := slices.Contains(k.rests, r.State) || r.State == tracker.Gone && len(k.rests) > 0
	patience := shownAfter
	if d.Moved {
		patience = movedAfter
	}
	taken := d.AcceptedAt != nil && time.Since(*d.AcceptedAt) > patience
	switch {
	case p.Stage == tracker.StepDone:
		return p
	case p.Stage == tracker.StepFailed:
		p.Message = "it is " + r.State
	case rests && taken:
		p.Stage, p.Message = tracker.StepFailed, "AWS took the call, and it is "+r.State+" again"
	case taken && k.halted != nil && k.halted(r):
		p.Stage, p.Message = tracker.StepFailed, "AWS has given it up"
	}
	p.Message = strings.Trim(p.Message+": "+r.Metadata.Text(factReason), ": ")
	return p
}

// reason spells a code and a message of AWS's; nil without either.
func reason(code, message *string) any {
	return sdk.Text(strings.Trim(aws.ToString(code)+": "+aws.ToString(message), ": "))
}

// once returns t without the SDK's retries.
func (t Target) once() Target {
	t.Config = t.Config.Copy()
	t.Config.RetryMaxAttempts = 0 // else the SDK would wrap the retryer
	t.Config.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	return t
}

// recording returns t whose calls leave AWS's request ID in id.
func (t Target) recording(id *string) Target {
	t.Looks = nil // whose calls are not this one's
	t.Config = t.Config.Copy()
	t.Config.APIOptions = append(slices.Clone(t.Config.APIOptions), func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("actions.RequestID", func(
			ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
		) (middleware.InitializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleInitialize(ctx, in)
			if got, ok := awsmiddleware.GetRequestIDMetadata(metadata); ok {
				*id = got
			}
			return out, metadata, err
		}), middleware.Before)
	})
	return t
}

// off is the check of a step that switches a protection off, by the fact that was
// seen of it. While AWS still modifies the resource it refuses the next step.
func (k kind) off(key string) func(context.Context, call) (tracker.StepProgress, error) {
	return func(ctx context.Context, c call) (tracker.StepProgress, error) {
		r, err := k.look(ctx, c.Target, c.Item.ResourceID)
		if err != nil {
			return tracker.StepProgress{}, err
		}
		p := tracker.StepProgress{Stage: tracker.StepDone, State: r.State}
		if r.State == "modifying" || r.State == "updating" {
			p.Stage = tracker.StepUnderWay
		} else if r.Metadata.Flag(key) {
			p.Stage = tracker.StepNotBegun
		}
		return p, nil
	}
}

// deleted is the check of a deletion that AWS shows as the state deleting.
func (k kind) deleted(ctx context.Context, c call) (tracker.StepProgress, error) {
	r, err := k.look(ctx, c.Target, c.Item.ResourceID)
	if err != nil {
		return tracker.StepProgress{}, err
	}
	p := tracker.StepProgress{Stage: tracker.StepNotBegun, State: r.State}
	switch r.State {
	case tracker.Gone:
		p.Stage = tracker.StepDone
	case "deleting":
		p.Stage = tracker.StepUnderWay
	}
	return k.ended(p, r, c.Doing), nil
}

// none is the answer of a call that leaves nothing to remember.
func none[T any](_ T, err error) (map[string]string, error) { return nil, err }
