package actions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/tracker"
)

// anothers refuses what another account has shared with the item's: it is left out of
// scans too.
var anothers = guard{
	rule: "other_account", how: "act in the account that owns it",
	refuse: when(func(l look) string {
		owner := l.Metadata.Text("owner_id")
		if parts := strings.SplitN(l.ARN, ":", 6); owner == "" && len(parts) == 6 {
			owner = parts[4]
		}
		if mine := l.Target.AccountID; mine == "" || owner == "" || owner == "aws" || owner == mine {
			return ""
		}
		return "account " + owner + " owns it"
	}),
}

// keeping returns the guards of what keeps resources that a would end, but for those
// that a has itself.
func (a Action) keeping() []guard {
	if !a.Destroys {
		return nil
	}
	var guards []guard
	for _, k := range tracker.KeepsOf(a.Type) {
		if !slices.ContainsFunc(a.guards, func(g guard) bool { return g.rule == k.Rule }) {
			guards = append(guards, keeps(k))
		}
	}
	return guards
}

// keeps is the guard of one fact that keeps a resource.
func keeps(k tracker.Keep) guard {
	return guard{rule: k.Rule, liftable: !k.Final, how: k.How, refuse: when(func(l look) string { return k.Of(l.Resource) })}
}

// Refused returns what forbids an item on a resource as a scan saw it, where tags of
// these keys protect resources: the refusals of those guards that ask AWS for nothing.
// A rule of savings counts nothing that its own verb would refuse.
func Refused(r tracker.Resource, item tracker.ActionItem, protectTags []string) []tracker.Refusal {
	a, ok := Find(item.Type, item.Verb)
	if !ok {
		return nil
	}
	if !a.starts(r.State) && !slices.Contains(a.Via, r.State) && !slices.Contains(a.To, r.State) {
		return []tracker.Refusal{a.wrongState(r)}
	}
	l := look{
		Target:   Target{AccountID: r.AccountID, ProtectTags: protectTags, Config: aws.Config{Region: r.Region, Credentials: nobody{}}},
		Resource: r, item: item, sight: &tracker.Sight{},
	}
	var refusals []tracker.Refusal
	for _, g := range a.allGuards() {
		if len(g.permissions) > 0 || g.liftable && slices.Contains(item.Lift, g.rule) {
			continue
		}
		refusal, err := g.ask(context.Background(), l)
		if err == nil && refusal != nil { // what passes by itself, or depends on who asks, is an error
			refusals = append(refusals, *refusal)
		}
	}
	return refusals
}

// nobody has no credentials.
type nobody struct{}

// Retrieve implements aws.CredentialsProvider.
func (nobody) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{}, errors.New("nobody asks")
}

// keptBy is the guard of a type's Keep, for verbs that do not end the resource.
func keptBy(t tracker.Type, rule string) guard {
	for _, k := range tracker.KeepsOf(t) {
		if k.Rule == rule {
			return keeps(k)
		}
	}
	panic(fmt.Sprintf("nothing called %s keeps a %s", rule, t))
}
