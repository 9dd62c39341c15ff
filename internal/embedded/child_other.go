//go:build !unix

package embedded

import (
	"context"
	"log/slog"
)

// startChild needs unix sockets and signals; without them the data stays in memory.
func startChild(context.Context, string, string, *slog.Logger) (*Server, error) {
	return startMini()
}

// lockFolder needs locks of files; without them the last to end wins.
func lockFolder(context.Context, string) (unlock func(), err error) { return func() {}, nil }
