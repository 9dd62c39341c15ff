// Command worker runs queued jobs: it takes them from the Redis that REDIS_URL
// names, any number of workers at once. `worker healthcheck` asks the worker of this
// machine at METRICS_ADDR whether it lives.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/notify"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/redisurl"
)

const usage = `usage: worker [-demo] [-demo-options FILE] [-version] [-manual]

Runs queued jobs until it is told to stop. Settings come from the environment, where
it lacks them from files of their names in the folder CREDENTIALS_DIRECTORY, and then
from the file .env of the working directory.

Command:
  healthcheck         ask the worker of this machine at METRICS_ADDR whether it lives

Flags:
  -demo               scan a simulated account in place of AWS
  -demo-options FILE  read the simulated account's options from a JSON file
  -version            print which version this is
  -manual             print the manual page, for man -l -
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := config.ReadFiles()
	if err == nil {
		err = run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	}
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

// memoryGoal is where the garbage collector begins to work harder: a full page of
// instances leaves 45 MB of garbage behind, and a scan of any size fits in 256 MiB.
// GOMEMLIMIT replaces it.
const memoryGoal = 176 << 20

// run is the program: it works until ctx ends, and then hands back what it runs.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	var demo parts.Demo
	flags := flag.NewFlagSet("worker", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprint(stderr, usage) }
	flags.BoolVar(&demo.On, "demo", false, "")
	flags.StringVar(&demo.Options, "demo-options", "", "")
	version, page := flags.Bool("version", false, ""), flags.Bool("manual", false, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *version {
		_, err := fmt.Fprintln(stdout, parts.Version())
		return err
	}
	if *page {
		return parts.Manual(stdout, config.Worker, usage)
	}
	asked := flags.NArg() == 1 && flags.Arg(0) == "healthcheck"
	if flags.NArg() > 0 && !asked {
		return fmt.Errorf("worker has no command but healthcheck, got %q", flags.Args())
	}
	cfg, err := config.Load(getenv, config.Worker)
	if err != nil {
		return err
	}
	if asked {
		return parts.Health(ctx, cfg)
	}
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal)
	}
	log, closeLog, err := parts.Log(cfg, stderr)
	if err != nil {
		return err
	}
	defer func() { _ = closeLog() }()
	url, err := redisurl.Parse(cfg.RedisURL.Reveal())
	if err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	rdb := url.Client(parts.PoolSize(cfg))
	defer func() { _ = rdb.Close() }()
	if err := parts.CheckRedis(ctx, rdb, log); err != nil {
		return err
	}
	stopTracing, err := parts.Tracing(ctx, getenv, config.Worker, log)
	if err != nil {
		return err
	}
	defer stopTracing()
	metrics := parts.Metrics(config.Worker, cfg, rdb, log)
	kept, err := parts.History(ctx, cfg)
	if err != nil {
		return err
	}
	if kept != nil {
		defer func() { _ = kept.Close() }()
	}
	w, err := parts.Worker(ctx, cfg, rdb, kept, cfg.CredentialsIdentity.Reveal(), demo, metrics, log)
	if err != nil {
		return err
	}
	stopMetrics, err := parts.ServeMetrics(ctx, cfg, metrics, rdb, log)
	if err != nil {
		return err
	}
	defer stopMetrics()
	if err := w.Start(); err != nil {
		return err
	}
	log.InfoContext(ctx, "worker started", "settings", cfg)
	parts.Tell(getenv, notify.Ready, log)
	<-ctx.Done()
	parts.Tell(getenv, notify.Stopping, log)
	log.Info("worker stopping", "grace", cfg.ShutdownGrace)
	w.Stop()
	log.Info("worker stopped")
	return nil
}
