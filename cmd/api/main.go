// Command api serves the HTTP API. Without REDIS_URL it is the whole service in
// one process: API, worker and a Redis of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/parts"
)

const usage = `usage: api [-demo] [-demo-options FILE] [-no-open] [-version]
       api COMMAND

Without a command, serves the API. Settings come from the environment, where it
lacks them from files of their names in the folder CREDENTIALS_DIRECTORY, and then
from the file .env of the working directory.

  -demo               scan a simulated account in place of AWS (without REDIS_URL)
  -demo-options FILE  read the simulated account's options from a JSON file
  -no-open            do not open the console of a demo in a browser
  -version            print which version this is

commands:
  keygen       make the key pair that seals and opens AWS credentials
  token SUB    make a JSON Web Token for the principal SUB, signed with SECRET_KEY
  openapi      print the OpenAPI document, whole
  iam-policy [--types A,B] [--actions stop,A:delete] [--details D,E] [--metrics] [--billed]
               print the IAM policy for a scan of these types, or of all types,
               for these actions on these types or on the named type, and for
               scans that read metrics or billed costs
  settings     print the table of settings
  manual       print the manual page, for man -l -
  migrate      bring the tables of DATABASE_URL to this release
  backup FILE  copy the history in DATA_DIR to a new file, while the service runs
  healthcheck [-any]
               ask the API on this machine whether it is ready; with -any a worker
               where no API listens
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := config.ReadFiles()
	if err == nil {
		err = run(ctx, os.Args[1:], quiet(os.Getenv, os.Stderr), os.Stdout, os.Stderr)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "api:", err)
		os.Exit(1)
	}
}

// quiet is getenv for a person at a terminal, who is told of warnings only unless
// LOG_LEVEL says otherwise.
func quiet(getenv func(string) string, stderr *os.File) func(string) string {
	if getenv("LOG_LEVEL") != "" || !term.IsTerminal(int(stderr.Fd())) {
		return getenv
	}
	return func(name string) string {
		if name == "LOG_LEVEL" {
			return "warn"
		}
		return getenv(name)
	}
}

// run is the program. It serves until ctx ends.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	var demo parts.Demo
	flags := flag.NewFlagSet("api", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, usage) }
	flags.BoolVar(&demo.On, "demo", false, "")
	flags.StringVar(&demo.Options, "demo-options", "", "")
	noOpen := flags.Bool("no-open", false, "")
	version := flags.Bool("version", false, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *version {
		_, err := fmt.Fprintln(stdout, parts.Version())
		return err
	}
	if flags.NArg() == 0 {
		return serve(ctx, serving{demo: demo, open: !*noOpen}, getenv, stdout, stderr)
	}
	command, ok := commands[flags.Arg(0)]
	if !ok {
		return fmt.Errorf("no command %q\n\n%s", flags.Arg(0), usage)
	}
	return command(ctx, flags.Args()[1:], getenv, stdout)
}
