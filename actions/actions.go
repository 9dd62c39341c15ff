// Package actions changes AWS resources: one Action value per type and verb, the
// verbs of a type in one file.
//
// An Action never acts on what it remembers. Look tells what is there now and
// which rules forbid the item; Send makes the one mutating call of one step; Check
// reads back how far that step has come. Whoever carries out an item records each
// step before it is sent and resolves a lost answer by Check, so nothing here is
// sent twice: a call that takes no client token is not retried even by the SDK,
// whose retry after a lost answer would double it.
//
// What a step creates can be found again without its answer: snapshots and volumes
// carry a tag with the item's token, and copies that have names have one made of it.
package actions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Target is where an action works: one region of one account.
type Target struct {
	// Config carries the region and the credentials. For a global type its region
	// is any one of the account's partition.
	Config    aws.Config
	AccountID string
	// ProtectTags are the keys of tags that protect a resource, in whatever case, and
	// whatever their value is but "false", "no" and "0".
	ProtectTags []string
	// Simulate asks IAM which of actions the caller's policies do not allow on each of
	// some resources; nil where that is not possible.
	Simulate func(ctx context.Context, actions, arns []string) (denied map[string][]string, err error)
	// Looks are those of the account that are made together; nil makes each alone.
	Looks *Looks

	// exact says that nothing may be seen through an index that lags behind.
	exact bool
}

// An Action is one verb of one type.
type Action struct {
	kind
	Verb    string
	Aliases []string
	Summary string
	Params  []tracker.Param
	// Undo, Reversible, Opposite, Destroys and Deadline are as in tracker.ActionInfo.
	// Without an inverse, the opposite is it.
	Undo       string
	Reversible bool
	Opposite   string
	Destroys   bool
	Deadline   time.Duration

	// After returns what the verb makes of a resource, as far as that decides what the
	// resource costs. Without it, Unpriced says why a saving is not known.
	After    effect
	Unpriced string

	// From are the states that it may start in, Via those that it passes through,
	// To those that count as done, Stuck those that lead to none of these, besides the
	// type's states of rest. A resource that does not exist is tracker.Gone. Without
	// From, it may start in any but that.
	From, Via, To, Stuck []string

	drifts   bool // changes what a CloudFormation template says
	progress func(tracker.Resource, tracker.ActionItem) tracker.Stage
	guards   []guard
	asides   []aside
	steps    []step
	inverse  func(tracker.Doing) (tracker.ActionItem, bool)
	dryRun   bool // all its calls have EC2's DryRun
}

// kind is a type of resource, and how one is looked at.
type kind struct {
	Type        tracker.Type
	global      bool
	foreign     bool     // IAM decides by the ARN of another resource
	permissions []string // IAM actions that see calls
	implied     []string // IAM actions that AWS asks for besides
	watch       []string // metadata that has to stay as it was
	// confirm is how long after a change was seen it is looked at once more; 0 leaves it
	// to the engine.
	confirm time.Duration
	// rests are the states that a resource stays in, unless somebody changes it: whoever
	// waits for another one waits in vain. A type of which AWS shows no other states has
	// none here.
	rests []string
	// halted says that AWS goes on no more with what it was told, though the state does
	// not tell; nil: never.
	halted func(tracker.Resource) bool
	// see returns the resource as it is now; one that is missing is tracker.Gone.
	// Its metadata has AWS's words for its state under factReason, where there are any.
	see func(ctx context.Context, t Target, id string) (tracker.Resource, error)
}

// Info returns what the catalogue knows about a.
func (a Action) Info() tracker.ActionInfo {
	steps := make([]string, len(a.steps))
	for i, s := range a.steps {
		steps[i] = s.Name
	}
	_, liftable := a.Rules()
	return tracker.ActionInfo{
		Type: a.Type, Verb: a.Verb, Aliases: slices.Clone(a.Aliases), Summary: a.Summary,
		Permissions: a.declared(), Params: slices.Clone(a.Params), Liftable: liftable, Undo: a.Undo,
		Reversible: a.Reversible, Opposite: a.Opposite, Destroys: a.Destroys, Creates: a.starts(tracker.Gone), Global: a.global,
		Steps: steps, Deadline: a.Deadline, Confirm: a.confirm,
	}
}

// Rules names what may refuse a, those that can be lifted apart.
func (a Action) Rules() (all, liftable []string) {
	for _, g := range a.allGuards() {
		all = append(all, g.rule)
		if g.liftable {
			liftable = append(liftable, g.rule)
		}
	}
	return sdk.Distinct(append(all, ruleWrongState)), sdk.Distinct(liftable)
}

// declared returns every IAM action that a calls or that AWS asks for besides.
func (a Action) declared() []string {
	all := slices.Concat(a.permissions, a.implied)
	for _, g := range a.allGuards() {
		all = append(all, g.permissions...)
	}
	for _, o := range a.asides {
		all = append(all, o.permissions...)
	}
	for _, s := range a.steps {
		all = slices.Concat(all, []string{s.action}, s.others, s.implied, s.keys)
	}
	return sdk.Distinct(all)
}

// Inverse returns the item that undoes a verified one.
func (a Action) Inverse(d tracker.Doing) (tracker.ActionItem, bool) {
	switch {
	case a.inverse != nil:
		return a.inverse(d)
	case a.Opposite != "":
		return back(a.Opposite)(d)
	}
	return tracker.ActionItem{}, false
}

// back is the inverse that is another verb without parameters.
func back(verb string) func(tracker.Doing) (tracker.ActionItem, bool) {
	return func(d tracker.Doing) (tracker.ActionItem, bool) { return backWith(d, verb, nil), true }
}

// backWith returns the item of another verb on the resource of d.
func backWith(d tracker.Doing, verb string, params tracker.Metadata) tracker.ActionItem {
	item := d.Item
	item.Verb, item.Params, item.Lift = verb, params, nil
	return item
}

// look sees the resource and fills in what every resource has.
func (k kind) look(ctx context.Context, t Target, id string) (tracker.Resource, error) {
	r, err := k.see(ctx, t, id)
	if err != nil {
		return tracker.Resource{}, fmt.Errorf("look at %s %s: %w", k.Type, id, err)
	}
	r.ID, r.Type, r.AccountID, r.Region = id, k.Type, t.AccountID, t.Config.Region
	if k.global {
		r.Region = tracker.Global
	}
	if r.Tags == nil {
		r.Tags = map[string]string{}
	}
	if r.Metadata == nil {
		r.Metadata = tracker.Metadata{}
	}
	return r, nil
}

// stage says how far a resource is from what a makes of it, by its state.
func (a Action) stage(r tracker.Resource, item tracker.ActionItem) tracker.Stage {
	switch {
	case slices.Contains(a.To, r.State):
		return tracker.StepDone
	case slices.Contains(a.Stuck, r.State), slices.Contains(a.rests, r.State) && !a.starts(r.State):
		return tracker.StepFailed
	case a.progress != nil && r.State != tracker.Gone:
		return a.progress(r, item)
	case a.starts(r.State):
		return tracker.StepNotBegun
	case slices.Contains(a.Via, r.State):
		return tracker.StepUnderWay
	case r.State == tracker.Gone:
		return tracker.StepFailed
	default:
		return tracker.StepUnderWay
	}
}

// starts says that a may start in a state.
func (a Action) starts(state string) bool {
	if len(a.From) == 0 {
		return state != tracker.Gone
	}
	return slices.Contains(a.From, state)
}

// creates says that a makes a resource anew: that one is there already, which
// somebody else may have made, does not mean that there is nothing left to do.
func (a Action) creates() bool { return slices.Equal(a.From, []string{tracker.Gone}) }

// arn returns the ARN of a regional resource of the account.
func (t Target) arn(service, resource string) string {
	return t.partition().ARN(service, t.Config.Region, t.AccountID, resource)
}

// in returns t in another region of the same account.
func (t Target) in(region string) Target {
	t.Config = t.Config.Copy()
	t.Config.Region = region
	return t
}

// home returns t in the region of its partition that knows the tags of global
// resources.
func (t Target) home() Target {
	return t.in(cmp.Or(t.partition().Names(), t.Config.Region))
}

// partition returns the partition that t is in.
func (t Target) partition() tracker.Partition { return tracker.PartitionOf(t.Config.Region) }
