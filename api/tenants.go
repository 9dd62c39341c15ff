package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Tenants keeps who there is besides the tenant default.
type Tenants interface {
	// Tenant answers CodeNotFound also for one that is deleted.
	Tenant(ctx context.Context, name string) (tracker.Tenant, error)
	Tenants(ctx context.Context) ([]tracker.Tenant, error)
	AddTenant(ctx context.Context, by tracker.Principal, t tracker.Tenant) (tracker.Tenant, error)
	DeleteTenant(ctx context.Context, by tracker.Principal, name string) error
}

const tenantsPath = "/api/v1/tenants"

// TenantBody is a new tenant.
type TenantBody struct {
	_           struct{} `additionalProperties:"false"`
	Name        string   `json:"name" minLength:"1" maxLength:"63" pattern:"^[a-z0-9][a-z0-9-]*$" doc:"What it is called, for ever"`
	Description string   `json:"description,omitempty" maxLength:"200"`
}

type tenantAnswer struct {
	Success bool           `json:"success" doc:"Always true"`
	Tenant  tracker.Tenant `json:"tenant"`
}

type tenantsAnswer struct {
	Success bool             `json:"success" doc:"Always true"`
	Tenants []tracker.Tenant `json:"tenants" doc:"By name, deleted ones among them"`
}

func (s *Server) registerTenants() {
	operation := func(id, method, path, summary string, errors ...int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: tenantsPath + path, Tags: []string{"people"}, Summary: summary, Errors: errors}
	}
	list := operation("list-tenants", http.MethodGet, "", "List the tenants of the service")
	list.Description = "The tenant default is that of the keys of the environment. Its admins are those of the whole service."
	register(s, list, func(ctx context.Context, _ *struct{}) (*struct{ Body tenantsAnswer }, error) {
		if s.Tenants == nil {
			return nil, errNotKept
		}
		all, err := s.Tenants.Tenants(ctx)
		if err != nil {
			return nil, err
		}
		return &struct{ Body tenantsAnswer }{tenantsAnswer{true, all}}, nil
	})
	add := operation("add-tenant", http.MethodPost, "", "Add a tenant", http.StatusConflict)
	add.Description = "POST /api/v1/keys with its name makes its first key. A name is never given again."
	add.DefaultStatus = http.StatusCreated
	register(s, add, func(ctx context.Context, in *struct{ Body TenantBody }) (*struct{ Body tenantAnswer }, error) {
		if s.Tenants == nil {
			return nil, errNotKept
		}
		t, err := s.Tenants.AddTenant(ctx, caller(ctx), tracker.Tenant{Name: in.Body.Name, Description: in.Body.Description})
		if err != nil {
			return nil, located("body.", err)
		}
		return &struct{ Body tenantAnswer }{tenantAnswer{true, t}}, nil
	})
	s.registerAllowed(operation)
	remove := operation("delete-tenant", http.MethodDelete, "/{tenant}", "Delete a tenant with its keys", http.StatusNotFound, http.StatusConflict)
	remove.Description = "409 while it has schedules. Its history is deleted within seconds. What its scans found expires in its time; nobody reads it until then."
	remove.DefaultStatus = http.StatusNoContent
	register(s, remove, func(ctx context.Context, in *struct {
		Tenant string `path:"tenant" maxLength:"63" doc:"The tenant's name"`
	},
	) (*struct{}, error) {
		if s.Tenants == nil {
			return nil, errNotKept
		}
		return nil, s.Tenants.DeleteTenant(ctx, caller(ctx), in.Tenant)
	})
}

// errNotKept is the answer of a server that was built without keys and tenants.
var errNotKept = tracker.Errorf(tracker.CodeUnavailable, "this server keeps no keys and tenants")
