package cli

import (
	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
	"github.com/consolesensei/resource-tracker/tracker"
)

type versionCmd struct{}

// versions are those of the program, of the API that it was made for, and of the server where one is named.
type versions struct {
	Program string `json:"program"`
	API     string `json:"api"`
	Server  string `json:"server,omitempty"`
}

func (c *versionCmd) Run(e *env) error {
	v := versions{Program: tracker.Built().Version, API: client.Version}
	if t, err := e.remote(); err == nil {
		if health, err := t.HealthV1(e.ctx); err == nil {
			v.Server = health.Version
		}
	}
	return e.one(v, []output.Column{{Name: "program"}, {Name: "api"}, {Name: "server"}}, func() error {
		e.say("tracker %s, for version %s of the API", v.Program, v.API)
		if v.Server != "" {
			e.say("server %s", v.Server)
		}
		return nil
	})
}
