package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/cloud/billing"
	"github.com/consolesensei/resource-tracker/cloud/metrics"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/policy"
	"github.com/consolesensei/resource-tracker/internal/spelling"
	"github.com/consolesensei/resource-tracker/tracker"
)

func iamPolicy(_ context.Context, args []string, _ func(string) string, stdout io.Writer) error {
	return printPolicy(args, parts.Types(), actions.Catalog(), stdout)
}

// printPolicy prints the policy for a scan of some types, or of all. It adds the
// permissions of some verbs, and those of scans that ask for details, for metrics or
// for billed costs.
func printPolicy(args []string, types []tracker.TypeInfo, infos []tracker.ActionInfo, stdout io.Writer) error {
	flags := flag.NewFlagSet("iam-policy", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error says as much
	typeNames, actionNames := flags.String("types", "", ""), flags.String("actions", "", "")
	detailNames := flags.String("details", "", "")
	withMetrics, withBilled := flags.Bool("metrics", false, ""), flags.Bool("billed", false, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return errArguments
	}
	docs, err := policyFor(uses{list(*typeNames), list(*actionNames), list(*detailNames), *withMetrics, *withBilled}, types, infos)
	if err != nil {
		return err
	}
	_, err = stdout.Write(policy.JSON(docs...))
	return err
}

// uses are what a policy is for: names of types, none for all, of actions and of details.
type uses struct {
	types, actions, details []string
	metrics, billed         bool
}

// policyFor returns the policy for some uses and no more. Its errors name what is unknown.
func policyFor(u uses, types []tracker.TypeInfo, infos []tracker.ActionInfo) ([]policy.Document, error) {
	var scanned []tracker.TypeInfo
	for _, name := range u.types {
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
	for _, name := range u.actions {
		named, err := actionsNamed(infos, types, scanned, name)
		if err != nil {
			return nil, err
		}
		acted = append(acted, named...)
	}
	read, err := detailed(scanned, u.details)
	if err != nil {
		return nil, err
	}
	if u.metrics {
		read = append(read, metrics.Permissions()...)
	}
	if u.billed {
		read = append(read, billing.Permissions()...)
	}
	return policy.Join(slices.Concat(policy.Scan(scanned), policy.Read(read), policy.Actions(acted))...), nil
}

// setUp writes the role of a registered account.
func setUp(w api.SetupWanted) (api.Setup, error) {
	docs, err := policyFor(uses{w.Types, w.Actions, w.Details, w.Metrics, w.Billed}, parts.Types(), actions.Catalog())
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

// list returns the names that commas separate.
func list(names string) []string {
	if names == "" {
		return nil
	}
	all := strings.Split(names, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
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
