package parts

import (
	"log/slog"

	"github.com/consolesensei/resource-tracker/internal/notify"
)

// Tell tells the service manager that started the program a state of it. The program goes
// on where that fails.
func Tell(getenv func(string) string, state notify.State, log *slog.Logger) {
	if err := notify.Send(getenv, state); err != nil {
		log.Warn("the service manager was not told", "err", err)
	}
}
