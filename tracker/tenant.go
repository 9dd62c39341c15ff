package tracker

import (
	"regexp"
	"time"
)

// Tenant is whom data belongs to. No principal sees that of another tenant.
type Tenant struct {
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	// DeletedAt is set once it is deleted. The name is not given again: what is kept of
	// the tenant would be another's.
	DeletedAt *time.Time `json:"deleted_at,omitempty"`
}

// TenantName is what a tenant can be called.
var TenantName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
