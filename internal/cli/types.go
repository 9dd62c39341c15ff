package cli

import (
	"slices"
	"strings"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type typesCmd struct {
	Names      []string `arg:"" optional:"" name:"type" help:"Only types whose name or service contains one of these words."`
	NotCovered bool     `help:"List what scans do not cover, and why, in place of the types."`
}

var typeColumns = []output.Column{
	{Name: "type", Kind: output.ID}, {Name: "service"}, {Name: "scope"}, {Name: "verbs"}, {Name: "permissions", Wide: true},
}

var uncoveredColumns = []output.Column{{Name: "service"}, {Name: "kind", Kind: output.ID}, {Name: "reason"}, {Name: "beside", Wide: true}}

func (c *typesCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	answer, err := t.ListTypes(e.ctx)
	if err != nil {
		return err
	}
	wanted := func(name, service string) bool {
		return len(c.Names) == 0 || slices.ContainsFunc(c.Names, func(w string) bool {
			return strings.Contains(strings.ToLower(name+" "+service), strings.ToLower(w))
		})
	}
	if c.NotCovered {
		rows := slices.DeleteFunc(answer.NotCovered, func(u client.Uncovered) bool { return !wanted(u.Kind, u.Service) })
		return e.print(uncoveredColumns, output.Of(rows))
	}
	rows := slices.DeleteFunc(answer.Types, func(t client.TypeInfo) bool { return !wanted(t.Type, t.Service) })
	if len(rows) == 0 {
		return usage("no type is called like %s: `tracker types` lists all", strings.Join(c.Names, " or "))
	}
	return e.print(typeColumns, output.Of(rows))
}
