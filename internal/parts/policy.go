package parts

import (
	"fmt"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/cloud/billing"
	"github.com/consolesensei/resource-tracker/cloud/metrics"
	"github.com/consolesensei/resource-tracker/internal/policy"
	"github.com/consolesensei/resource-tracker/internal/spelling"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Uses are what a policy is for: names of types, none for all, of actions and of details.
type Uses struct {
	Types, Actions, Details []string
	Metrics, Billed         bool
}

// PolicyFor returns the policy for some uses and no more. Its errors name what is unknown.
func PolicyFor(u Uses, types []tracker.TypeInfo, infos []tracker.ActionInfo) ([]policy.Document, error) {
	var scanned []tracker.TypeInfo
	for _, name := range u.Types {
		t, err := typeNamed(types, name)
		if err != nil {
			return nil, err
		}
		scanned = append(scanned, t)
	}
	if len(scanned) == 0 {
		scanned = types
	}
	var acted []tracker.ActionInfo
	for _, name := range u.Actions {
		named, err := actionsNamed(infos, types, scanned, name)
		if err != nil {
			return nil, err
		}
		acted = append(acted, named...)
	}
	read, err := detailed(scanned, u.Details)
	if err != nil {
		return nil, err
	}
	if u.Metrics {
		read = append(read, metrics.Permissions()...)
	}
	if u.Billed {
		read = append(read, billing.Permissions()...)
	}
	return policy.Join(slices.Concat(policy.Scan(scanned), policy.Read(read), policy.Actions(acted))...), nil
}

// SetUp writes the role of a registered account.
func SetUp(w api.SetupWanted) (api.Setup, error) {
	docs, err := PolicyFor(Uses{w.Types, w.Actions, w.Details, w.Metrics, w.Billed}, Types(), actions.Catalog())
	if err != nil {
		return api.Setup{}, tracker.Errorf(tracker.CodeInvalid, "%v", err)
	}
	_, role, _ := strings.Cut(w.Account.RoleARN, ":role")
	path, name := role[:strings.LastIndex(role, "/")+1], role[strings.LastIndex(role, "/")+1:]
	if path == "/" {
		path = ""
	}
	out := api.Setup{
		Trust: policy.JSON(policy.Trust(w.Principal, w.Account.ExternalID)),
		Template: policy.RoleFor(policy.Trusted{
			Principal: w.Principal, ExternalID: w.Account.ExternalID, Name: name, Path: path, Changes: len(w.Actions) > 0,
		}, docs),
	}
	for _, d := range docs {
		out.Policies = append(out.Policies, policy.JSON(d))
	}
	return out, nil
}

// detailed returns the permissions of some details of types.
func detailed(types []tracker.TypeInfo, names []string) (permissions []string, err error) {
	var known []string
	for _, t := range types {
		for _, d := range t.Details {
			known = append(known, d.Name)
			if slices.Contains(names, d.Name) {
				permissions = append(permissions, d.Permissions...)
			}
		}
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, unknown("detail", name, known)
		}
	}
	return permissions, nil
}

func typeNamed(types []tracker.TypeInfo, name string) (tracker.TypeInfo, error) {
	i := slices.IndexFunc(types, func(t tracker.TypeInfo) bool { return string(t.Type) == name })
	if i < 0 {
		names := make([]string, len(types))
		for i, t := range types {
			names[i] = string(t.Type)
		}
		return tracker.TypeInfo{}, unknown("resource type", name, names)
	}
	return types[i], nil
}

// actionsNamed returns what "stop" means on the types that are scanned, or
// "EC2_Instance:stop" on that one.
func actionsNamed(infos []tracker.ActionInfo, types, scanned []tracker.TypeInfo, name string) ([]tracker.ActionInfo, error) {
	kind, verb := "action", name
	if typ, v, ok := strings.Cut(name, ":"); ok {
		t, err := typeNamed(types, typ)
		if err != nil {
			return nil, err
		}
		kind, verb, scanned = "action of "+typ, v, []tracker.TypeInfo{t}
	}
	var found []tracker.ActionInfo
	var verbs []string
	for _, i := range infos {
		if !slices.ContainsFunc(scanned, func(t tracker.TypeInfo) bool { return t.Type == i.Type }) {
			continue
		}
		verbs = append(verbs, i.Verb)
		if i.Called(verb) {
			found = append(found, i)
		}
	}
	if len(found) == 0 {
		return nil, unknown(kind, verb, verbs)
	}
	return found, nil
}

func unknown(kind, name string, known []string) error {
	if near := spelling.Nearest(name, slices.Values(known)); near != "" {
		return fmt.Errorf("unknown %s %q; did you mean %s?", kind, name, near)
	}
	return fmt.Errorf("unknown %s %q", kind, name)
}
