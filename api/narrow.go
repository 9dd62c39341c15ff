package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// withinGrants refuses a scan that goes beyond what the caller's role operator is
// narrowed to. Whoever is narrowed has to name what they scan: a scan that silently left
// something out would look whole.
func (s *Server) withinGrants(ctx context.Context, permission tracker.Permit, r tracker.ScanRequest) error {
	within, _ := caller(ctx).Within(permission)
	var why []string
	for _, b := range within {
		reason := s.beyond(b, r)
		if reason == "" {
			return nil
		}
		if !slices.Contains(why, reason) {
			why = append(why, reason)
		}
	}
	if len(why) == 0 {
		return nil
	}
	return newProblem(http.StatusForbidden, "your role operator is narrowed: "+strings.Join(why, "; or "))
}

// beyond says what of a scan is beyond bounds; empty: nothing.
func (s *Server) beyond(b tracker.Bounds, r tracker.ScanRequest) string {
	if len(b.Accounts) > 0 {
		if len(r.Accounts) == 0 {
			return "name accounts, of " + strings.Join(b.Accounts, ", ")
		}
		for _, a := range r.Accounts {
			if !slices.ContainsFunc(b.Accounts, func(id string) bool { return strings.Contains(a.RoleARN, "::"+id+":") }) {
				return "accounts only of " + strings.Join(b.Accounts, ", ")
			}
		}
	}
	if len(b.Types) > 0 {
		for _, t := range r.Types {
			if !slices.Contains(b.Types, t) {
				return "the type " + string(t) + " is not among yours"
			}
		}
		if len(r.Types) == 0 {
			return "name types, of those that are yours"
		}
	}
	if len(b.Regions) == 0 {
		return ""
	}
	if !slices.Contains(b.Regions, tracker.Global) {
		for _, t := range s.catalogue {
			if t.Scope == tracker.Global && (len(r.Types) == 0 || slices.Contains(r.Types, t.Type)) {
				return "types of no region, such as " + string(t.Type) + ", are not among yours: name types"
			}
		}
	}
	lists := [][]string{r.Regions}
	for _, a := range r.Accounts {
		if len(a.Regions) > 0 {
			lists = append(lists, a.Regions)
		}
	}
	for i, regions := range lists {
		if len(regions) == 0 && (i > 0 || len(r.Accounts) == 0 || slices.ContainsFunc(r.Accounts, func(a tracker.AccountRef) bool { return len(a.Regions) == 0 })) {
			return "name regions, of " + strings.Join(b.Regions, ", ")
		}
		for _, region := range regions {
			if !slices.Contains(b.Regions, region) {
				return "the region " + region + " is not among yours"
			}
		}
	}
	return ""
}
