package policies

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/filter"
)

// coverage notes what of the policy's part of the world the scan did not see.
func (r *run) coverage(p *Policy, result *Result) {
	types := p.types(r.catalogue.types())
	scanned, failed := map[string]bool{}, map[string]int{}
	var first []string
	for _, c := range r.cells {
		asked := len(p.Select.Regions) == 0 || c.Region == global || slices.Contains(p.Select.Regions, c.Region)
		if len(p.Select.Accounts) > 0 && c.AccountID != "" && !slices.Contains(p.Select.Accounts, c.AccountID) {
			asked = false
		}
		scanned[c.ResourceType] = true
		discovery := !slices.ContainsFunc(r.catalogue.Types, func(t client.TypeInfo) bool { return t.Type == c.ResourceType })
		if !asked || !slices.Contains(types, c.ResourceType) && !discovery {
			continue
		}
		if c.Outcome == "ok" || c.Outcome == "empty" {
			continue
		}
		why := fmt.Sprintf("%s ended as %s", c.ResourceType, outcome(c))
		if failed[why] == 0 {
			first = append(first, why)
		}
		failed[why]++
	}
	for _, why := range first {
		result.unseen("%s in %s", why, cells(failed[why]))
	}
	r.missing(p, types, scanned, result)
}

func outcome(c client.CellReport) string {
	if c.Outcome == "" {
		return "not scanned yet"
	}
	if c.Error != nil {
		return c.Outcome + " (" + c.Error.Message + ")"
	}
	return c.Outcome
}

func cells(n int) string {
	if n == 1 {
		return "one region of one account"
	}
	return fmt.Sprintf("%d regions", n)
}

// missing notes what the scan was not asked for.
func (r *run) missing(p *Policy, types []string, scanned map[string]bool, result *Result) {
	var none []string
	for _, t := range types {
		if !scanned[t] {
			none = append(none, t)
		}
	}
	if len(none) > 0 {
		result.unseen("the scan did not look at %s", strings.Join(none, ", "))
	}
	q := r.job.Request
	if text, ok := q.Filter.(map[string]any); len(q.Tags) > 0 || ok && len(text) > 0 {
		result.unseen("the scan kept only resources that its own filter selects")
	}
	r.regions(p, types, result)
	for _, d := range p.Select.Details {
		if !slices.Contains(q.Details, d) {
			result.unseen("the scan did not read the detail %s", d)
		}
	}
	for _, account := range p.Select.Accounts {
		if !slices.ContainsFunc(r.cells, func(c client.CellReport) bool { return c.AccountID == account }) {
			result.unseen("the scan did not look at account %s", account)
		}
	}
	if p.Select.Rule != "" {
		r.ruled(p.Select.Rule, result)
	}
}

// regions notes which of the policy's regions the scan did not look at. Resources of global types, such as buckets, may
// be of a region, too: a scan of other regions leaves them out.
func (r *run) regions(p *Policy, types []string, result *Result) {
	q := r.job.Request
	wanted := p.Select.Regions
	if len(wanted) == 0 {
		wanted = r.Regions
	}
	some := len(q.Regions)+len(q.ExcludeRegions) > 0 || slices.ContainsFunc(q.Accounts, func(a client.AccountRef) bool { return len(a.Regions) > 0 })
	if len(wanted) == 0 && some {
		result.unseen("the scan looked at some regions only")
	}
	regional := slices.ContainsFunc(r.catalogue.Types, func(t client.TypeInfo) bool { return t.Scope == "regional" && slices.Contains(types, t.Type) })
	for _, region := range wanted {
		asked := (len(q.Regions) == 0 || slices.Contains(q.Regions, region)) && !slices.Contains(q.ExcludeRegions, region)
		reached := !regional || slices.ContainsFunc(r.cells, func(c client.CellReport) bool { return c.Region == region })
		if region != global && (!asked || !reached) {
			result.unseen("the scan did not look at region %s", region)
		}
	}
}

// ruled notes where a rule of savings was not evaluated.
func (r *run) ruled(name string, result *Result) {
	if r.findings.Status != evaluated {
		result.unseen("rule %s was not evaluated: %s", name, r.findings.Reason)
		return
	}
	for _, rule := range r.findings.ByRule {
		if rule.Rule != name {
			continue
		}
		if rule.Status != evaluated {
			result.unseen("rule %s was not evaluated: %s", name, rule.Reason)
		} else if rule.Reason != "" {
			result.unseen("rule %s was not evaluated everywhere: %s", name, rule.Reason)
		}
		return
	}
	result.unseen("the server knows no rule %s", name)
}

const evaluated = "evaluated"

// denied reports whether all that the scan met was that it may not look.
func (r *run) denied() bool {
	for _, c := range r.cells {
		if !strings.HasPrefix(c.Outcome, "denied") && c.Outcome != "bad_credentials" {
			return false
		}
	}
	return len(r.cells) > 0
}

// match reads the resources that the policy selects.
func (r *run) match(ctx context.Context, p *Policy, result *Result) error {
	found, err := r.found(ctx, p)
	if err != nil {
		return err
	}
	selected := filter.All(r.scope(p), p.filter)
	err = r.each(ctx, selected, func(resource client.Resource) {
		m := matchOf(resource)
		if found != nil && !found[m.key()] {
			return
		}
		result.Matched++
		if m.MonthlyCost == nil {
			result.CostUnknown++
		} else {
			result.MonthlyCost += *m.MonthlyCost
		}
		if len(result.Resources) < maxListed {
			result.Resources = append(result.Resources, m)
		}
	})
	return err
}

// each calls f with every resource of the scan that a filter selects.
func (r *run) each(ctx context.Context, selected filter.Filter, f func(client.Resource)) error {
	for resource, err := range r.tracker.Resources(ctx, r.job.JobID, &client.ListJobResourcesParams{Filter: selected.String()}) {
		if err != nil {
			return fmt.Errorf("resources of job %s: %w", r.job.JobID, err)
		}
		f(resource)
	}
	return nil
}

func matchOf(resource client.Resource) Match {
	return Match{
		ResourceID: resource.ResourceID, ResourceName: resource.ResourceName, ResourceType: resource.ResourceType, AccountID: resource.AccountID,
		Region: resource.Region, ARN: resource.ARN, State: resource.State, MonthlyCost: resource.EstimatedCostMonthly, tags: resource.Tags,
	}
}

// found are the keys of what the policy's rule finds and counts; nil where it has none.
func (r *run) found(ctx context.Context, p *Policy) (map[string]bool, error) {
	if p.Select.Rule == "" {
		return nil, nil
	}
	found, counted := map[string]bool{}, true
	for f, err := range r.tracker.Findings(ctx, r.job.JobID, &client.ListFindingsParams{Rule: p.Select.Rule, Counted: &counted}) {
		if err != nil {
			if r.findings.Status != evaluated { // which the result says already
				return found, nil
			}
			return nil, fmt.Errorf("findings of job %s: %w", r.job.JobID, err)
		}
		found[f.ResourceKey] = true
	}
	return found, nil
}

// share says of which type more is selected than a percentage; empty: of none.
func (r *run) share(resources []Match, percent int) string {
	selected := map[string]int{}
	for _, m := range resources {
		selected[m.ResourceType]++
	}
	for _, t := range slices.Sorted(maps.Keys(selected)) {
		all := r.job.Summary.ByType[t]
		if n := selected[t]; all > shareFloor && n*100 > percent*all {
			return fmt.Sprintf("%d of %d resources of type %s match, and max_percent is %d", n, all, t, percent)
		}
	}
	return ""
}

// shareFloor is how few resources of a type may be changed all at once, as with plans that select by a filter.
const shareFloor = 10
