package main

import (
	"context"
	"flag"
	"io"
	"strings"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/policy"
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
	docs, err := parts.PolicyFor(parts.Uses{
		Types: list(*typeNames), Actions: list(*actionNames), Details: list(*detailNames), Metrics: *withMetrics, Billed: *withBilled,
	}, types, infos)
	if err != nil {
		return err
	}
	_, err = stdout.Write(policy.JSON(docs...))
	return err
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
