package parts

import (
	"fmt"
	"io"
	"slices"

	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/manual"
	"github.com/consolesensei/resource-tracker/tracker"
)

// summaries say what the programs are.
var summaries = map[config.Program]string{
	config.API:    "HTTP API of AWS Resource Tracker",
	config.Worker: "runs the jobs of AWS Resource Tracker",
}

// Manual writes the manual page of a program: how it is called, and the settings that it
// reads. Packages call the program resource-tracker-, and its name.
func Manual(w io.Writer, program config.Program, usage string) error {
	p := manual.New(manual.Head{
		Name: "resource-tracker-" + string(program), Section: 8, Summary: summaries[program],
		Date: manual.Date(), Source: "AWS Resource Tracker " + tracker.Version,
	})
	p.Section("SYNOPSIS")
	p.Literal(usage)
	p.Section("SETTINGS")
	p.Paragraph("Settings are environment variables. A wrong one stops the start, with a message that names every wrong one.")
	for _, s := range config.Settings() {
		if !slices.Contains(s.Programs, program) && program == config.Worker {
			continue
		}
		p.Term(s.Name, about(s, program))
	}
	p.Section("FILES")
	p.Term("/etc/resource-tracker/common.env", "Settings that both programs read.")
	p.Term(fmt.Sprintf("/etc/resource-tracker/%s.env", program), "Settings and secrets of this program.")
	if program == config.Worker {
		p.Term("/etc/resource-tracker/worker-1.env", "Settings of the instance 1 alone. There need not be one.")
	}
	p.Section("SEE ALSO")
	p.Paragraph("tracker(1), resource-tracker-api(8), resource-tracker-worker(8), systemctl(1)")
	_, err := p.WriteTo(w)
	return err
}

func about(s config.Setting, program config.Program) string {
	text := s.Meaning
	if s.Secret {
		text += " It is a secret."
	}
	if !slices.Contains(s.Programs, program) {
		text += " The API reads it only without REDIS_URL."
	}
	text += " Allowed: " + s.Allowed + "."
	if s.Default != "" {
		text += " Default: " + s.Default
	}
	return text
}
