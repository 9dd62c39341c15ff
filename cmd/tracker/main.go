// Command tracker is the command line of AWS Resource Tracker.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/consolesensei/resource-tracker/internal/cli"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Run(ctx, os.Args[1:], os.Getenv, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}
