// Package tracker holds the nouns that every other package speaks in, and pure
// functions on them. It imports the standard library and filter only, and does no
// I/O.
package tracker

import (
	"time"
)

// Type names a kind of AWS resource in the words of the wire contract, such as
// "EC2_Instance".
type Type string

// Global is the region of resources and cells that belong to no single region.
const Global = "global"

// Any stands for every region or every type in the cell that discovers what an
// account has.
const Any = "*"

// Resource is one AWS resource as a scan saw it.
type Resource struct {
	// ID is what AWS knows the resource by within its type, account and region.
	ID string `json:"resource_id"`
	// Name is what a person knows it by; nil when it has none.
	Name      *string `json:"resource_name"`
	Type      Type    `json:"resource_type"`
	AccountID string  `json:"account_id"`
	// Region is where the resource is, or Global. A scanner leaves it empty for
	// the region that it was asked to scan.
	Region string `json:"region"`
	ARN    string `json:"arn"`
	State  string `json:"state"`
	// Created is in UTC; nil when AWS does not say.
	Created *time.Time        `json:"creation_date"`
	Tags    map[string]string `json:"tags"`
	// MonthlyCost is the estimate for 730 hours; nil means unknown, never free.
	MonthlyCost *Money `json:"estimated_cost_monthly"`
	// Cost says what MonthlyCost is made of and how it is known; nil when nobody
	// has priced the resource.
	Cost     *Cost    `json:"cost"`
	Metadata Metadata `json:"metadata"`
}

// Key identifies a resource among all accounts.
func (r Resource) Key() string {
	return r.AccountID + "/" + r.Region + "/" + string(r.Type) + "/" + r.ID
}

// Basis is how the cost of the resource is known.
func (r *Resource) Basis() CostBasis {
	if r.Cost == nil {
		return CostUnknown
	}
	return r.Cost.Basis
}

// Named returns a pointer to the first non-empty name, or nil.
func Named(names ...string) *string {
	for _, n := range names {
		if n != "" {
			return &n
		}
	}
	return nil
}

// At returns t in UTC as a resource carries it; nil and the zero time are nil.
func At(t *time.Time) *time.Time {
	if t == nil || t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

// AtMillis is At for the milliseconds since 1970 that some AWS APIs answer.
func AtMillis(ms *int64) *time.Time {
	if ms == nil || *ms == 0 {
		return nil
	}
	u := time.UnixMilli(*ms).UTC()
	return &u
}

// TypeInfo says what the catalogue knows about a type: the one source for
// validation, documents and IAM policies.
type TypeInfo struct {
	Type    Type   `json:"type"`
	Service string `json:"service" doc:"The AWS service, as in endpoints and IAM action prefixes"`
	// Scope is "regional" or "global".
	Scope       string   `json:"scope" enum:"regional,global"`
	Permissions []string `json:"permissions" doc:"IAM actions that a scan of the type calls"`
	Verbs       []string `json:"verbs" doc:"Actions that can be taken on resources of the type"`
	// Details are what a scan of the type may ask for by name.
	Details []DetailInfo `json:"details,omitempty" doc:"What a scan reads of the type's resources only if its details name it"`
}

// DetailInfo is what the catalogue knows about a detail of a type.
type DetailInfo struct {
	Name        string   `json:"name"`
	Doc         string   `json:"doc"`
	Permissions []string `json:"permissions" doc:"IAM actions that it calls besides those of the type"`
}
