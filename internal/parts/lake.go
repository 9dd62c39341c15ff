package parts

import (
	"context"
	"fmt"
	"strings"

	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/cloud/objects"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/lake"
	"github.com/consolesensei/resource-tracker/tracker"
)

// exporting writes the history out to HISTORY_EXPORT; nil where that is not set.
func exporting(cfg config.Config, h *history.Store) func(context.Context, func(how string)) error {
	if cfg.HistoryExport == "" {
		return nil
	}
	open := once(cfg, cfg.HistoryExport)
	return func(ctx context.Context, told func(how string)) error {
		to, err := open(ctx)
		if err != nil {
			told("failed")
			return fmt.Errorf("HISTORY_EXPORT: %w", err)
		}
		e := lake.Exporter{History: h, To: to}
		return e.Export(ctx, told)
	}
}

// bills reads what was billed from BILLED_FILES; nil where that is not set.
func bills(cfg config.Config, h *history.Store) func(context.Context, func(how string)) error {
	if cfg.BilledFiles == "" {
		return nil
	}
	open := once(cfg, cfg.BilledFiles)
	return func(ctx context.Context, told func(how string)) error {
		from, err := open(ctx)
		if err != nil {
			told("failed")
			return fmt.Errorf("BILLED_FILES: %w", err)
		}
		b := lake.Bills{History: h, From: from}
		return b.Read(ctx, told)
	}
}

// once opens a place until it could, and has it open from then on. It is called by one at a time.
func once(cfg config.Config, place string) func(context.Context) (lake.Files, error) {
	var opened lake.Files
	return func(ctx context.Context) (lake.Files, error) {
		if opened != nil {
			return opened, nil
		}
		now, err := files(ctx, cfg, place)
		if err == nil {
			opened = now
		}
		return now, err
	}
}

// files opens a folder of this machine, or of S3 by the identity of this program. Whether requests may use that identity
// is another question.
func files(ctx context.Context, cfg config.Config, place string) (lake.Files, error) {
	if !strings.HasPrefix(place, "s3://") {
		return lake.Folder(place), nil
	}
	c, err := cloud.New(ctx, cloud.Options{
		EndpointURL: cfg.AWSEndpointURL, RequestTimeout: cfg.AWSRequestTimeout, MaxAttempts: cfg.AWSMaxAttempts, ServerCredentials: true,
	})
	if err != nil {
		return nil, err
	}
	session, err := c.Session(ctx, tracker.Credentials{Server: true})
	if err != nil {
		return nil, err
	}
	return objects.Open(ctx, session.Config(""), place)
}
