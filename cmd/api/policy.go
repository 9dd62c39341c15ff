package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/actions"
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
	var scanned []tracker.TypeInfo
	for _, name := range list(*typeNames) {
		t, err := typeNamed(types, name)
		if err != nil {
			return err
		}
		scanned = append(scanned, t)
	}
	if len(scanned) == 0 {
		scanned = types
	}
	var acted []tracker.ActionInfo
	for _, name := range list(*actionNames) {
		named, err := actionsNamed(infos, types, scanned, name)
		if err != nil {
			return err
		}
		acted = append(acted, named...)
	}
	read, err := detailed(scanned, list(*detailNames))
	if err != nil {
		return err
	}
	if *withMetrics {
		read = append(read, metrics.Permissions()...)
	}
	if *withBilled {
		read = append(read, billing.Permissions()...)
	}
	_, err = stdout.Write(policy.JSON(policy.Join(slices.Concat(policy.Scan(scanned), policy.Read(read), policy.Actions(acted))...)...))
	return err
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
