package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/sealing"
)

type command func(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error

var commands = map[string]command{
	"keygen":      keygen,
	"token":       token,
	"openapi":     openapi,
	"iam-policy":  iamPolicy,
	"settings":    settings,
	"manual":      printManual,
	"healthcheck": healthcheck,
	"migrate":     migrate,
	"backup":      backup,
}

var errArguments = errors.New("wrong number of arguments")

func keygen(_ context.Context, args []string, _ func(string) string, stdout io.Writer) error {
	if len(args) > 0 {
		return errArguments
	}
	recipient, identity, err := sealing.NewKey()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "CREDENTIALS_RECIPIENT=%s\nCREDENTIALS_IDENTITY=%s\n", recipient, identity)
	return err
}

func token(_ context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) != 1 {
		return errArguments
	}
	cfg, err := config.Load(getenv, config.API)
	if err != nil {
		return err
	}
	if cfg.SecretKey == "" {
		return errors.New("SECRET_KEY is not set: there is nothing to sign with")
	}
	signed, err := api.MintToken(cfg.SecretKey.Reveal(), args[0], cfg.JWTExpiration)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, signed)
	return err
}

func openapi(_ context.Context, args []string, _ func(string) string, stdout io.Writer) error {
	if len(args) > 0 {
		return errArguments
	}
	b, err := api.OpenAPI(api.Options{})
	if err != nil {
		return err
	}
	_, err = stdout.Write(b)
	return err
}

func settings(_ context.Context, args []string, _ func(string) string, stdout io.Writer) error {
	if len(args) > 0 {
		return errArguments
	}
	_, err := io.WriteString(stdout, config.Markdown())
	return err
}

func printManual(_ context.Context, args []string, _ func(string) string, stdout io.Writer) error {
	if len(args) > 0 {
		return errArguments
	}
	return parts.Manual(stdout, config.API, usage)
}

// migrate brings the tables of the history to this release, for those who start the programs with a role that may not.
func migrate(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) > 0 {
		return errArguments
	}
	cfg, err := config.Load(getenv, config.API)
	if err != nil {
		return err
	}
	if cfg.DatabaseURL == "" {
		return errors.New("DATABASE_URL is not set: a history in DATA_DIR is migrated by the API at its start")
	}
	cfg.DatabaseMigrate = true
	h, err := parts.History(ctx, cfg)
	if err != nil {
		return err
	}
	if err := h.Close(); err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, "the history is that of this release")
	return err
}

// backup copies the history of a service that keeps it in DATA_DIR, while the service runs.
func backup(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	if len(args) != 1 {
		return errArguments
	}
	cfg, err := config.Load(getenv, config.API)
	if err != nil {
		return err
	}
	switch {
	case cfg.DatabaseURL != "":
		return errors.New("the history is in PostgreSQL, at DATABASE_URL: use pg_dump, or the snapshots of who runs it")
	case !cfg.Embedded():
		return errors.New("there is no history: with REDIS_URL it needs DATABASE_URL")
	}
	if err := history.Backup(ctx, parts.HistoryFile(cfg), args[0]); err != nil {
		return err
	}
	_, err = fmt.Fprintln(stdout, "the history is in "+args[0])
	return err
}

// healthcheck is for containers, which have no other HTTP client. With -any it is for an
// image that does not know which of the programs it runs: where the API does not listen, or
// the settings are none of an API, it asks a worker.
func healthcheck(ctx context.Context, args []string, getenv func(string) string, _ io.Writer) error {
	programs := []config.Program{config.API}
	switch {
	case len(args) == 1 && args[0] == "-any":
		programs = append(programs, config.Worker)
	case len(args) > 0:
		return errArguments
	}
	var faults []error
	for _, program := range programs {
		cfg, err := config.Load(getenv, program)
		listens := false
		if err == nil {
			err = parts.Health(ctx, cfg)
			listens = !errors.Is(err, syscall.ECONNREFUSED)
		}
		if listens {
			return err
		}
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}
