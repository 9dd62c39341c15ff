package cli

import (
	"fmt"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type keysCmd struct {
	List   keysListCmd   `cmd:"" default:"1" help:"List the API keys, without their secrets."`
	Add    keysAddCmd    `cmd:"" help:"Make an API key, and print it this once."`
	Rotate keysRotateCmd `cmd:"" help:"Give a key a new secret, and print it this once."`
	Delete keysDeleteCmd `cmd:"" help:"End a key at once."`
}

type keysListCmd struct{}

type keysAddCmd struct {
	Name     string            `arg:"" help:"What it is for."`
	Role     []string          `help:"What it may do: viewer, operator, actor, approver or admin." enum:"viewer,operator,actor,approver,admin" required:"" placeholder:"ROLE"`
	Expires  int               `help:"Days until it ends; 0 is never." placeholder:"DAYS"`
	Person   string            `help:"Who it is for; none is yourself." placeholder:"NAME"`
	Tenant   string            `help:"Another tenant than yours." placeholder:"TENANT"`
	Accounts []string          `help:"Operator and actor only in these accounts." placeholder:"ACCOUNT"`
	Regions  []string          `help:"Operator and actor only in these regions." placeholder:"REGION"`
	Types    []string          `help:"Operator and actor only for these types." placeholder:"TYPE"`
	Actions  []string          `help:"Actor only for these actions." placeholder:"ACTION"`
	Tag      map[string]string `help:"Actor only for resources with this tag." placeholder:"KEY=VALUE"`
}

type keysRotateCmd struct {
	ID      string        `arg:"" help:"The key's ID, as in tracker keys list."`
	Overlap time.Duration `help:"How long the old secret is taken as well." default:"24h" placeholder:"TIME"`
}

type keysDeleteCmd struct {
	ID string `arg:"" help:"The key's ID."`
}

var keyColumns = []output.Column{
	{Name: "id", Path: "key_id", Kind: output.ID},
	{Name: "name"},
	{Name: "roles"},
	{Name: "person"},
	{Name: "used", Path: "last_used_at", Kind: output.Time},
	{Name: "expires", Path: "expires_at", Kind: output.Time},
	{Name: "created", Path: "created_at", Kind: output.Time, Wide: true},
}

// keyRow is a key with its roles by name.
type keyRow struct {
	client.APIKey
	Roles []string `json:"roles"`
}

func keyOf(k client.APIKey) keyRow {
	row := keyRow{APIKey: k, Roles: []string{}}
	for _, g := range k.Grants {
		row.Roles = append(row.Roles, g.Role)
	}
	return row
}

func (c *keysListCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	a, err := t.ListKeys(e.ctx)
	if err != nil {
		return err
	}
	rows := make([]keyRow, len(a.Keys))
	for i, k := range a.Keys {
		rows[i] = keyOf(k)
	}
	return e.print(keyColumns, output.Of(rows))
}

func (c *keysAddCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	body := client.KeyBody{Name: c.Name, Person: c.Person, Tenant: c.Tenant, ExpiresInDays: set(c.Expires)}
	for _, role := range c.Role {
		g := client.GrantBody{Role: role}
		if role == "operator" || role == "actor" {
			g.Accounts, g.Regions, g.Types = c.Accounts, c.Regions, c.Types
		}
		if role == "actor" {
			g.Actions = c.Actions
			for k, v := range c.Tag {
				if g.Tags == nil {
					g.Tags = map[string][]string{}
				}
				g.Tags[k] = []string{v}
			}
		}
		body.Grants = append(body.Grants, g)
	}
	a, err := t.AddKey(e.ctx, body)
	if err != nil {
		return err
	}
	return e.secret(a)
}

func (c *keysRotateCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	overlap := int(c.Overlap.Seconds())
	a, err := t.RotateKey(e.ctx, c.ID, &client.RotateKeyParams{OverlapSeconds: &overlap})
	if err != nil {
		return err
	}
	return e.secret(a)
}

// secret prints a key that has just been made. It is the only time that it is shown.
func (e *env) secret(a *client.SecretAnswer) error {
	return e.one(a, []output.Column{{Name: "api_key"}}, func() error {
		e.note("key %s; it is shown this once:", a.Key.KeyID)
		_, err := fmt.Fprintln(e.stdout, output.Clean(a.APIKey))
		return err
	})
}

func (c *keysDeleteCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	if err := t.DeleteKey(e.ctx, c.ID); err != nil {
		return err
	}
	e.note("key %s has ended", c.ID)
	return nil
}
