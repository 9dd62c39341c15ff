package actions

import (
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestCatalog holds every Action to the same promises.
func TestCatalog(t *testing.T) {
	if !slices.IsSortedFunc(verbs, compare) {
		t.Error("verbs are not sorted by type and verb")
	}
	for _, a := range catalog {
		name := string(a.Type) + " " + a.Verb
		if a.Summary == "" || a.Deadline == 0 || len(a.steps) == 0 || a.see == nil {
			t.Errorf("%s is incomplete", name)
		}
		if a.Reversible && (a.Undo == "" || a.Destroys) {
			t.Errorf("%s is reversible, and undone by %q", name, a.Undo)
		}
		undone := a.inverse != nil || a.Opposite != ""
		if (a.Undo == "") == undone {
			t.Errorf("%s is undone by %q, and its inverse is there: %v", name, a.Undo, undone)
		}
		if a.Opposite != "" && !slices.ContainsFunc(catalog, func(b Action) bool {
			return b.Type == a.Type && b.Verb == a.Opposite && b.Opposite == a.Verb && b.Reversible && a.Reversible
		}) {
			t.Errorf("%s says that its opposite is %q, which does not say so of it", name, a.Opposite)
		}
		if a.Destroys && !slices.Contains(a.To, tracker.Gone) {
			t.Errorf("%s destroys, and a resource that does not exist is not done", name)
		}
		if (a.After == nil) == (a.Unpriced == "") {
			t.Errorf("%s: what it makes of its resource is %v, and not known because %q: one of both has to be there", name, a.After != nil, a.Unpriced)
		}
		for _, s := range a.steps {
			if s.action == "" || (s.send == nil) == (s.sendSome == nil) {
				t.Errorf("step %s of %s is incomplete", s.Name, name)
			}
			if s.Repeatable() && (s.Repeats.For < time.Minute || s.Repeats.For > 48*time.Hour || s.Repeats.Idle < 2 || s.Repeats.Idle > 20) {
				t.Errorf("step %s of %s repeats %+v", s.Name, name, s.Repeats)
			}
		}
	}
	t.Run("moto", playScenarios)
	t.Run("refusals", playRefusals)
	t.Run("wire", playWire)
	t.Run("tags", playTags)
	t.Run("rules", rulesShown)
	t.Run("permissions", permissionsCalled)
}

// rulesShown requires a refusal of every rule of every action.
func rulesShown(t *testing.T) {
	for _, a := range verbs {
		for _, g := range a.guards {
			if !slices.ContainsFunc(refusals, func(r refusal) bool {
				return r.action == string(a.Type)+" "+a.Verb && r.rule == g.rule
			}) {
				t.Errorf("nothing shows %s of %s %s", g.rule, a.Type, a.Verb)
			}
		}
	}
}

// permissionsCalled compares what was called in all tests with what is declared.
func permissionsCalled(t *testing.T) {
	if started.url == "" {
		t.Fatal("no action was carried out: this test needs moto_server on PATH (`make deps` says how to get it)")
	}
	for _, a := range catalog {
		name := string(a.Type) + " " + a.Verb
		called := slices.Concat(played[name], a.implied)
		for _, s := range a.steps {
			called = slices.Concat(called, s.implied, s.keys)
		}
		if diff := gocmp.Diff(a.declared(), sdk.Distinct(called)); diff != "" {
			t.Errorf("IAM actions of %s (-declared +called):\n%s", name, diff)
		}
	}
}
