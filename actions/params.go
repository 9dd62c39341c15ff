package actions

import (
	"errors"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A number that was to be given is never taken for 0: what it decides is read by
// whole, which has an error in its place. What may be left out is nil in a request.

// refuse says what is wrong with the parameters and lifts of an item. It is asked
// before every look and every call, however the item came to be.
func (a Action) refuse(item tracker.ActionItem) error {
	_, liftable := a.Rules()
	item.Type, item.Verb = a.Type, a.Verb
	faults := item.Faults([]tracker.ActionInfo{{Type: a.Type, Verb: a.Verb, Params: a.Params, Liftable: liftable}})
	errs := make([]error, len(faults))
	for i, f := range faults {
		errs[i] = f
	}
	return errors.Join(errs...)
}

// whole reads an integer parameter that has to be there.
func whole(item tracker.ActionItem, name string) (int64, error) {
	n, ok := tracker.Integer(item.Params[name])
	if !ok {
		return 0, tracker.Invalid("params."+name, "is no integer")
	}
	return n, nil
}

// wholeOr reads an integer parameter; without it, it is otherwise.
func wholeOr(item tracker.ActionItem, name string, otherwise int64) (int64, error) {
	if _, given := item.Params[name]; !given {
		return otherwise, nil
	}
	return whole(item, name)
}

// unless says when a step applies that a boolean parameter leaves out.
func unless(name string) func(tracker.ActionItem) bool {
	return func(item tracker.ActionItem) bool { return !item.Params.Flag(name) }
}

// int32p returns a number for a request; nil when there is none.
func int32p(v any) *int32 {
	n, ok := tracker.Integer(v)
	if !ok {
		return nil
	}
	i := int32(n)
	return &i
}

// stringp returns a string for a request; nil when there is none.
func stringp(v any) *string {
	s, _ := v.(string)
	if s == "" {
		return nil
	}
	return &s
}

// boolp returns a boolean for a request; nil when there is none.
func boolp(v any) *bool {
	b, ok := v.(bool)
	if !ok {
		return nil
	}
	return &b
}
