package parts

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/internal/config"
)

// Log returns the logger that settings describe. It writes to w, and appends to
// LOG_FILE where one is set; close ends that file.
func Log(cfg config.Config, w io.Writer) (log *slog.Logger, closeLog func() error, err error) {
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	var handler slog.Handler = slog.NewTextHandler(w, options)
	if cfg.LogFormat == "json" {
		handler = slog.NewJSONHandler(w, options)
	}
	closeLog = func() error { return nil }
	if cfg.LogFile != "" {
		f, err := os.OpenFile(cfg.LogFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, nil, fmt.Errorf("LOG_FILE: %w", err)
		}
		handler = slog.NewMultiHandler(handler, slog.NewJSONHandler(f, options))
		closeLog = f.Close
	}
	log = slog.New(handler)
	redis.SetLogger(redisLog{log}) // it prints to standard error otherwise
	return log, closeLog, nil
}

// redisLog sends go-redis's log lines to slog.
type redisLog struct{ log *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	l.log.DebugContext(ctx, "redis", "text", fmt.Sprintf(format, v...))
}
