// Package cli is the command line of the tracker. A verb is a struct in a file of its own, with flags for
// fields and a method Run. It speaks to the server by clients/go and by nothing else.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

// root are all verbs, in the order that the help lists them.
type root struct {
	global

	Scan        scanCmd        `cmd:"" help:"Scan AWS, and show what was found."`
	Jobs        jobsCmd        `cmd:"" help:"List the scans, newest first."`
	Resources   resourcesCmd   `cmd:"" help:"List the resources that a scan has found."`
	Inventory   inventoryCmd   `cmd:"" help:"List what there is or was over all scans, count it, or tell one resource's life."`
	Costs       costsCmd       `cmd:"" help:"Sum up what resources cost a month."`
	Findings    findingsCmd    `cmd:"" help:"List what could be saved: in a scan, or live over all accounts."`
	Billed      billedCmd      `cmd:"" help:"Show what AWS billed, beside the estimate."`
	Trend       trendCmd       `cmd:"" help:"Show what there was and cost by day, what this month costs, and what stands out."`
	Budgets     budgetsCmd     `cmd:"" help:"Show what a month may cost, and how it stands; add and change budgets."`
	Diff        diffCmd        `cmd:"" help:"Show what was added, removed and changed, and what of that is not known."`
	Report      reportCmd      `cmd:"" help:"Write one page on cost, trend, changes, waste and what was not seen."`
	Plan        planCmd        `cmd:"" help:"Plan changes, and look at plans."`
	Approve     approveCmd     `cmd:"" help:"Agree to somebody else's plan."`
	Apply       applyCmd       `cmd:"" help:"Carry out a plan, after asking."`
	Undo        undoCmd        `cmd:"" help:"Plan the inverse of a plan that was carried out."`
	Schedules   schedulesCmd   `cmd:"" help:"Scan, or carry out plans, again and again."`
	Run         runCmd         `cmd:"" help:"Carry out a file of policies; without --apply it changes nothing."`
	Policies    policiesCmd    `cmd:"" help:"Check files of policies."`
	Import      importCmd      `cmd:"" help:"Translate policies of other tools."`
	Accounts    accountsCmd    `cmd:"" help:"Register accounts, to name them in place of keys."`
	Keys        keysCmd        `cmd:"" help:"Make and end API keys."`
	AccessCheck accessCheckCmd `cmd:"" help:"Say what a scan would be denied, before it is started."`
	Policy      policyCmd      `cmd:"" help:"Print the IAM policy that scans and actions need."`
	Types       typesCmd       `cmd:"" help:"List the resource types that can be scanned, and the verbs of each."`
	Login       loginCmd       `cmd:"" help:"Log in to a server, by its issuer or by an API key."`
	Logout      logoutCmd      `cmd:"" help:"Log out of a server."`
	Logins      loginsCmd      `cmd:"" help:"List the servers that you are logged in to."`
	Quota       quotaCmd       `cmd:"" help:"Say what you may use, and what you have used."`
	Open        openCmd        `cmd:"" help:"Open a page of the server."`
	Completion  completionCmd  `cmd:"" help:"Print the script that completes command lines in a shell."`
	Version     versionCmd     `cmd:"" help:"Print the versions of the program and of the server."`
	Complete    completeCmd    `cmd:"" hidden:""`
	Manual      manualCmd      `cmd:"" hidden:""`
}

const description = `Finds AWS resources, what they cost and what could be saved, and changes them by plan.

Begin with: tracker scan; then tracker resources, tracker costs, tracker findings.
Exit codes: 0 complete, 1 other, 2 usage, 3 partial, 4 denied, 5 findings above a bound, 6 changes.`

// Streams are those of the program.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// done ends parsing early: --help was asked for, and has been printed.
type done struct{ code int }

// Run is the program. It returns what to exit with.
func Run(ctx context.Context, args []string, getenv func(string) string, s Streams) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case done:
			code = r.code
		default:
			panic(r)
		}
	}()
	var r root
	parser, err := kong.New(&r, kong.Name("tracker"), kong.Description(description), kong.Writers(s.Out, s.Err),
		kong.Exit(func(code int) { panic(done{code}) }), kong.UsageOnError(), kong.WithHyphenPrefixedParameters(true),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, NoExpandSubcommands: true, WrapUpperBound: 120}))
	if err != nil {
		panic(err) // a mistake in a struct above, which every test meets
	}
	e := &env{ctx: ctx, stdin: s.In, stdout: s.Out, stderr: s.Err, getenv: getenv}
	parsed, err := parser.Parse(descending(args))
	if err == nil {
		e.global = r.global
		err = parsed.Run(e, parser)
	}
	e.close()
	if err != nil {
		e.tell(err)
	}
	return codeOf(err)
}

// descending makes one word of --sort -cost, which kong takes for two flags.
func descending(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		word := args[i]
		if word == "--" {
			return append(out, args[i:]...)
		}
		if word == "--sort" && i+1 < len(args) {
			i++
			word += "=" + args[i]
		}
		out = append(out, word)
	}
	return out
}

// tell prints an error, unless the verb has told it.
func (e *env) tell(err error) {
	if told, ok := errors.AsType[*exit](err); ok && told.err == nil {
		return
	}
	if errors.Is(err, context.Canceled) {
		return
	}
	text := "tracker: " + explain(err)
	if errors.Is(err, client.ErrUnauthorized) && e.login != nil {
		text = "tracker: " + e.loggedOut()
	}
	if parse, ok := errors.AsType[*kong.ParseError](err); ok {
		text = "tracker: " + parse.Error() + "; `" + helpOf(parse) + "` shows what there is"
	}
	fmt.Fprintln(e.stderr, output.Paint(e.colored(e.stderr), output.Red, output.Clean(text)))
}

// helpOf is the command that helps with a command line that was not understood.
func helpOf(err *kong.ParseError) string {
	words := []string{"tracker"}
	if err.Context != nil {
		for _, p := range err.Context.Path {
			if p.Command != nil {
				words = append(words, p.Command.Name)
			}
		}
	}
	return strings.Join(append(words, "--help"), " ")
}
