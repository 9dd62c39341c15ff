package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// AllowedBody is the accounts that a tenant may work in.
type AllowedBody struct {
	_        struct{} `additionalProperties:"false"`
	Accounts []string `json:"accounts" maxItems:"1000" maxLength:"12" pattern:"^\\d{12}$" doc:"Numbers of AWS accounts; none is all"`
}

type allowedAnswer struct {
	Success  bool     `json:"success" doc:"Always true"`
	Tenant   string   `json:"tenant"`
	Accounts []string `json:"accounts" doc:"Numbers of AWS accounts; empty is all"`
}

type allowedOutput struct{ Body allowedAnswer }

// registerAllowed adds what a tenant may work in to the operations of tenants.
func (s *Server) registerAllowed(operation func(id, method, path, summary string, errors ...int) huma.Operation) {
	register(s, operation("get-allowed-accounts", http.MethodGet, "/{tenant}/allowed-accounts", "Read which AWS accounts a tenant may work in", http.StatusNotFound),
		func(ctx context.Context, in *struct {
			Tenant string `path:"tenant" maxLength:"63" doc:"The tenant's name"`
		},
		) (*allowedOutput, error) {
			return s.allowed(ctx, in.Tenant)
		})
	put := operation("put-allowed-accounts", http.MethodPut, "/{tenant}/allowed-accounts", "Set which AWS accounts a tenant may work in", http.StatusNotFound)
	put.Description = `Holds for keys, roles and registered accounts alike. A worker asks AWS whose the credentials are before it calls anything else. Work in
another account, also work under way, ends as denied with AccountNotAllowed.`
	register(s, put, func(ctx context.Context, in *struct {
		Tenant string `path:"tenant" maxLength:"63" doc:"The tenant's name"`
		Body   AllowedBody
	},
	) (*allowedOutput, error) {
		if err := s.tenantThere(ctx, in.Tenant); err != nil {
			return nil, err
		}
		if err := s.Accounts.SetAllowedAccounts(ctx, caller(ctx), in.Tenant, in.Body.Accounts); err != nil {
			return nil, err
		}
		return s.allowed(ctx, in.Tenant)
	})
}

func (s *Server) tenantThere(ctx context.Context, tenant string) error {
	if s.Tenants == nil {
		return errNotKept
	}
	_, err := s.Tenants.Tenant(ctx, tenant)
	return err
}

func (s *Server) allowed(ctx context.Context, tenant string) (*allowedOutput, error) {
	if err := s.tenantThere(ctx, tenant); err != nil {
		return nil, err
	}
	accounts, err := s.Accounts.AllowedAccounts(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return &allowedOutput{allowedAnswer{true, tenant, append([]string{}, accounts...)}}, nil
}
