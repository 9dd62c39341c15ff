package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/notify"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/service"
)

// serving is how the command line says to serve.
type serving struct {
	demo parts.Demo
	open bool // the console of a demo, in a browser, where somebody sits at the terminal
}

// serve runs the API, and without REDIS_URL all that it needs, until ctx ends.
func serve(ctx context.Context, o serving, getenv func(string) string, stdout, stderr io.Writer) error {
	cfg, err := config.Load(getenv, config.API)
	if err != nil {
		return err
	}
	log, closeLog, err := parts.Log(cfg, stderr)
	if err != nil {
		return err
	}
	defer func() { _ = closeLog() }()
	s, err := service.Start(ctx, service.Options{Config: cfg, Demo: o.demo, Getenv: getenv, Log: log})
	if err != nil {
		return err
	}
	greet(s, o.demo, buildTime(), stdout)
	if o.demo.Wanted() {
		showConsole(ctx, s, o.open, stdout)
	}
	if !cfg.Embedded() {
		// GET /ready says when Redis does not answer.
		if workers, err := s.Workers(ctx); err == nil && workers == 0 {
			fmt.Fprintln(stdout, "No worker is alive: what is submitted waits. Start cmd/worker with the same REDIS_URL, or the API without REDIS_URL")
		}
	}
	parts.Tell(getenv, notify.Ready, log)
	defer context.AfterFunc(ctx, func() { parts.Tell(getenv, notify.Stopping, log) })()
	if err := s.Wait(ctx); err != nil {
		return err
	}
	part(s, stdout)
	return nil
}

// greet prints what somebody needs who has just started the program.
func greet(s *service.Service, demo parts.Demo, built time.Duration, stdout io.Writer) {
	fmt.Fprintf(stdout, "AWS Resource Tracker listens on %s\n", s.URL)
	if s.Key != "" {
		fmt.Fprintf(stdout, "The API key is kept in %s. Paste the next two lines into another terminal:\n", s.KeyFile)
		fmt.Fprintf(stdout, "export TRACKER_URL=%s TRACKER_API_KEY=%s\n%s\n", s.URL, s.Key, firstCommand())
	}
	if demo.Wanted() {
		fmt.Fprintln(stdout, "Demo: scans see a simulated AWS account; any keys will do")
	}
	fmt.Fprintf(stdout, "Redis: %s\n", s.Redis)
	if built >= slowBuild {
		fmt.Fprintf(stdout, "Building took %v, this once: Go keeps what it has built\n", built.Round(time.Second))
	}
}

// firstCommand is what a stranger tries first.
func firstCommand() string {
	if workFolder() != "" {
		return "go run ./cmd/tracker scan"
	}
	return "tracker scan"
}

// part says what is left when the program has ended.
func part(s *service.Service, stdout io.Writer) {
	if s.Kept {
		fmt.Fprintln(stdout, "Stopped. Jobs, schedules and results are kept; what was running goes on with the next start")
		return
	}
	fmt.Fprintln(stdout, "Stopped. Nothing is kept: this Redis was in memory")
}
