package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	keysPath = "/api/v1/keys"
	// personPrefix keeps people that an admin names apart from other principals, but
	// issuedPrefix, that of people who sign in: they are one with their keys.
	personPrefix = "user:"
	issuedPrefix = "oidc:"
)

// KeyBody is a new key.
type KeyBody struct {
	_             struct{}    `additionalProperties:"false"`
	Name          string      `json:"name" minLength:"1" maxLength:"100" doc:"What it is for"`
	Grants        []GrantBody `json:"grants" minItems:"1" maxItems:"20" doc:"What it may do"`
	ExpiresInDays int         `json:"expires_in_days,omitempty" minimum:"0" maximum:"3650" doc:"None is never"`
	Person        string      `json:"person,omitempty" maxLength:"100" pattern:"^(oidc:)?[A-Za-z0-9@._+|-]*$" doc:"Who it is for; none is yourself. Somebody who signs in is oidc: and their subject. A person is one however many keys they have: nobody approves what any of their keys asked for"`
	Tenant        string      `json:"tenant,omitempty" maxLength:"63" doc:"Another tenant than yours; only for admins of the tenant default"`
}

// GrantBody is a role, and what it is narrowed to.
type GrantBody struct {
	_        struct{}             `additionalProperties:"false"`
	Role     tracker.Role         `json:"role" enum:"viewer,operator,actor,approver,admin" doc:"viewer reads; operator starts scans and keeps schedules; actor makes and applies plans; approver agrees to plans of others; admin does everything in the tenant"`
	Accounts []string             `json:"accounts,omitempty" maxItems:"1000" maxLength:"12" pattern:"^\\d{12}$" doc:"Only in these accounts. For operator and actor"`
	Regions  []string             `json:"regions,omitempty" maxItems:"100" maxLength:"32" doc:"Only in these regions; global stands for what has none. For operator and actor"`
	Types    []tracker.Type       `json:"types,omitempty" maxItems:"500" maxLength:"128" doc:"Only these resource types. For operator and actor"`
	Verbs    []string             `json:"actions,omitempty" maxItems:"100" maxLength:"64" doc:"Only these actions, such as stop. For actor"`
	Tags     map[string]tagValues `json:"tags,omitempty" maxProperties:"20" doc:"Only resources that have one of the values under each of these tag keys. For actor"`
}

// tagValues are values that a tag may have.
type tagValues []string

// Schema implements huma.SchemaProvider.
func (tagValues) Schema(huma.Registry) *huma.Schema {
	most, longest := 100, 256
	return &huma.Schema{Type: huma.TypeArray, MaxItems: &most, Items: &huma.Schema{Type: huma.TypeString, MaxLength: &longest}}
}

func (g GrantBody) grant() tracker.Grant {
	b := tracker.Bounds{Accounts: g.Accounts, Regions: g.Regions, Types: g.Types, Verbs: g.Verbs}
	for key, values := range g.Tags {
		if b.Tags == nil {
			b.Tags = map[string][]string{}
		}
		b.Tags[key] = values
	}
	return tracker.Grant{Role: g.Role, Bounds: b}
}

type secretAnswer struct {
	Success bool           `json:"success" doc:"Always true"`
	Key     tracker.APIKey `json:"key"`
	Secret  string         `json:"api_key" doc:"What goes into X-API-Key. It is not kept, and not shown again"`
}

type keysAnswer struct {
	Success bool             `json:"success" doc:"Always true"`
	Keys    []tracker.APIKey `json:"keys" doc:"Oldest first; those of the environment are not listed"`
}

type whoAnswer struct {
	Success bool `json:"success" doc:"Always true"`
	tracker.Principal
	Name        string           `json:"name,omitempty" doc:"What the issuer calls the person; nothing is decided by it"`
	Tenants     []string         `json:"tenants" doc:"Where the person may sign in, this tenant first. Another is entered by /api/v1/auth/login?tenant=NAME"`
	Permissions []tracker.Permit `json:"permissions" enum:"read,scan,schedule,plan,approve,manage,instance" doc:"What the roles allow, however narrowed"`
}

// tenantsOf are the tenants that a person may sign in to, with that of the session first.
func tenantsOf(p tracker.Principal) []string {
	others := slices.DeleteFunc(slices.Clone(p.Tenants), func(name string) bool { return name == p.Tenant })
	return append([]string{p.Tenant}, others...)
}

type keyInput struct {
	ID string `path:"id" maxLength:"64" doc:"The key's ID"`
}

type rotateInput struct {
	ID      string `path:"id" maxLength:"64" doc:"The key's ID"`
	Overlap int    `query:"overlap_seconds" minimum:"0" maximum:"604800" default:"86400" doc:"How long the old secret is taken as well"`
}

func (s *Server) registerKeys() {
	operation := func(id, method, path, summary string, errors ...int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: keysPath + path, Tags: []string{"people"}, Summary: summary, Errors: errors}
	}
	register(s, huma.Operation{
		OperationID: "who-am-i", Method: http.MethodGet, Path: "/api/v1/whoami", Tags: []string{"people"},
		Summary: "Read who you are here, and what you may do",
	}, func(ctx context.Context, _ *struct{}) (*struct{ Body whoAnswer }, error) {
		who := caller(ctx)
		who.Grants = append([]tracker.Grant{}, who.Grants...)
		return &struct{ Body whoAnswer }{whoAnswer{true, who, who.Name, tenantsOf(who), who.Permissions()}}, nil
	})
	register(s, operation("list-keys", http.MethodGet, "", "List the API keys of your tenant"), func(ctx context.Context, _ *struct{}) (*struct{ Body keysAnswer }, error) {
		if s.Keys == nil {
			return nil, errNotKept
		}
		keys, err := s.Keys.KeysOf(ctx, owner(ctx))
		if err != nil {
			return nil, err
		}
		return &struct{ Body keysAnswer }{keysAnswer{true, keys}}, nil
	})
	add := operation("add-key", http.MethodPost, "", "Make an API key", http.StatusConflict)
	add.Description = `The secret is answered once; the server keeps its SHA-256. The roles operator and actor can be narrowed: of a grant's accounts,
regions, types, actions and tags all must hold, and of several grants one is enough.`
	add.DefaultStatus = http.StatusCreated
	register(s, add, s.addKey)
	rotate := operation("rotate-key", http.MethodPost, "/{id}/rotate", "Give a key a new secret", http.StatusNotFound)
	rotate.Description = "The key stays the same: its tenant, its roles, its name in the audit. The old secret is taken for a while longer."
	register(s, rotate, func(ctx context.Context, in *rotateInput) (*struct{ Body secretAnswer }, error) {
		if s.Keys == nil {
			return nil, errNotKept
		}
		k, secret, err := s.Keys.RotateKey(ctx, caller(ctx), in.ID, time.Duration(in.Overlap)*time.Second)
		if err != nil {
			return nil, err
		}
		return &struct{ Body secretAnswer }{secretAnswer{true, k, secret}}, nil
	})
	remove := operation("delete-key", http.MethodDelete, "/{id}", "End a key at once", http.StatusNotFound)
	remove.DefaultStatus = http.StatusNoContent
	register(s, remove, func(ctx context.Context, in *keyInput) (*struct{}, error) {
		if s.Keys == nil {
			return nil, errNotKept
		}
		return nil, s.Keys.DeleteKey(ctx, caller(ctx), in.ID)
	})
}

func (s *Server) addKey(ctx context.Context, in *struct{ Body KeyBody }) (*struct{ Body secretAnswer }, error) {
	if s.Keys == nil {
		return nil, errNotKept
	}
	by, b := caller(ctx), in.Body
	k := tracker.APIKey{Name: b.Name, Tenant: cmp.Or(b.Tenant, by.Tenant), Person: by.Person}
	if k.Tenant != by.Tenant && !by.May(tracker.PermitInstance) {
		return nil, forbidden(tracker.PermitInstance)
	}
	if b.Person != "" {
		k.Person, k.MadeBy = personPrefix+b.Person, by.Person
		if strings.HasPrefix(b.Person, issuedPrefix) {
			k.Person = b.Person
		}
	}
	for i, body := range b.Grants {
		g := body.grant()
		if err := s.checkGrant(g); err != nil {
			return nil, located(fmt.Sprintf("body.grants[%d].", i), err)
		}
		k.Grants = append(k.Grants, g)
	}
	if b.ExpiresInDays > 0 {
		at := time.Now().UTC().AddDate(0, 0, b.ExpiresInDays).Truncate(time.Second)
		k.ExpiresAt = &at
	}
	k, secret, err := s.Keys.AddKey(ctx, by, k)
	if err != nil {
		return nil, located("body.", err)
	}
	return &struct{ Body secretAnswer }{secretAnswer{true, k, secret}}, nil
}

// checkGrant refuses a grant that could never allow anything.
func (s *Server) checkGrant(g tracker.Grant) error {
	if err := g.Check(); err != nil {
		return err
	}
	for i, t := range g.Types {
		if wrong := s.catalogue.refuse(t); wrong != "" {
			return tracker.Invalid(fmt.Sprintf("types[%d]", i), "%s", wrong)
		}
	}
	return nil
}
