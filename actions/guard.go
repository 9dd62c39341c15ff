package actions

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Rules that hold for more than one type.
const (
	ruleWrongState         = "wrong_state"
	ruleProtectTag         = "protect_tag"
	ruleStack              = "cloudformation_stack"
	ruleDeletionProtection = "deletion_protection"
)

// guard is one rule that may forbid an item.
type guard struct {
	rule     string
	liftable bool
	// enforced says that AWS refuses the call too: the rule is asked about when an
	// item is planned, and not once more before it is sent.
	enforced bool
	how      string // what to do about it, besides naming it in lift
	// permissions are the IAM actions that refuse calls.
	permissions []string
	// facts are the watched ones that change when what clears the refusal is deleted.
	facts []string
	// refuse says why the item must not be carried out, and which resources are
	// the reason; an empty message lets it through.
	refuse func(ctx context.Context, l look) (why string, clearedBy []tracker.Ref, err error)
}

// passing is why an item cannot begin yet, though it will: the error of a guard whose
// reason goes by itself.
type passing string

func (p passing) Error() string { return string(p) }

func (g guard) ask(ctx context.Context, l look) (*tracker.Refusal, error) {
	why, clearedBy, err := g.refuse(ctx, l)
	if err != nil || why == "" {
		return nil, err
	}
	how := g.how
	if g.liftable {
		how = strings.TrimPrefix(fmt.Sprintf("%s, or name %q in lift", how, g.rule), ", or ")
	}
	return &tracker.Refusal{Rule: g.rule, Message: why, HowToLift: how, Liftable: g.liftable, ClearedBy: clearedBy}, nil
}

// when is the refuse of a guard that judges by what was already seen.
func when(why func(l look) string) func(context.Context, look) (string, []tracker.Ref, error) {
	return func(_ context.Context, l look) (string, []tracker.Ref, error) { return why(l), nil, nil }
}

// count reads a number that a guard judges by. One that AWS did not tell is never taken
// for 0: the guard refuses, and a person has to see for themselves.
func (l look) count(key string) (n int64, unknown string) {
	n, ok := tracker.Integer(l.Metadata[key])
	if !ok {
		return 0, "AWS does not tell its " + strings.ReplaceAll(key, "_", " ")
	}
	return n, ""
}

// by is the refuse of a guard whose reason is other resources: format takes their
// IDs.
func by(t tracker.Type, format string, ids func(ctx context.Context, l look) ([]string, error)) func(context.Context, look) (string, []tracker.Ref, error) {
	return func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		found, err := ids(ctx, l)
		if err != nil || len(found) == 0 {
			return "", nil, err
		}
		return fmt.Sprintf(format, strings.Join(found, ", ")), refs(t, found), nil
	}
}

func refs(t tracker.Type, ids []string) []tracker.Ref {
	out := make([]tracker.Ref, len(ids))
	for i, id := range ids {
		out[i] = tracker.Ref{Type: t, ID: id}
	}
	return out
}

// allGuards returns the guards of every action of its sort, and its own.
func (a Action) allGuards() []guard {
	var common []guard
	if a.protected() {
		common = append(common, protectTag)
	}
	if a.Destroys || a.drifts {
		common = append(common, stackOwned)
	}
	return append(common, a.guards...)
}

// protected says that a protect tag stands in its way. Giving a resource another
// tag harms nothing, and has a rule of its own; access keys have no tags.
func (a Action) protected() bool {
	return a.Verb != verbTag && a.Verb != verbUntag && a.Type != "IAM_AccessKey"
}

var protectTag = guard{
	rule: ruleProtectTag, liftable: true, how: "remove the tag",
	refuse: when(func(l look) string {
		key := l.protecting(l.Tags)
		if key == "" {
			return ""
		}
		return fmt.Sprintf("tag %s=%s protects it", key, l.Tags[key])
	}),
}

// protecting returns the key of the tag that protects a resource; "" without one. AWS
// tells Protected from protected, and whoever wrote it meant the same.
func (t Target) protecting(tags map[string]string) string {
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		protects := slices.ContainsFunc(t.ProtectTags, func(p string) bool { return strings.EqualFold(p, key) })
		if protects && !slices.Contains([]string{"false", "no", "0"}, strings.ToLower(tags[key])) {
			return key
		}
	}
	return ""
}

// stackTag is on every resource that CloudFormation made, where its type has tags
// (CloudFormation User Guide, resource tags).
const stackTag = "aws:cloudformation:stack-name"

var stackOwned = guard{
	rule: ruleStack, liftable: true, how: "change or delete the stack instead",
	refuse: when(func(l look) string {
		if stack := l.Tags[stackTag]; stack != "" {
			return fmt.Sprintf("it belongs to the CloudFormation stack %s, which would differ from its template", stack)
		}
		return ""
	}),
}

// flagged is a guard by a fact that was seen to be true, which a step of its own
// switches off.
func flagged(rule, key, why string) guard {
	return guard{
		rule: rule, liftable: true, how: "switch it off",
		refuse: when(func(l look) string {
			if l.Metadata.Flag(key) {
				return why
			}
			return ""
		}),
	}
}

// lifts says that an item lifts a rule.
func lifts(rule string) func(tracker.ActionItem) bool {
	return func(item tracker.ActionItem) bool { return slices.Contains(item.Lift, rule) }
}
