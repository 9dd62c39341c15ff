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

// Catalogue is what a server knows: the types that it scans, and the verbs that each has.
type Catalogue struct {
	Types   []client.TypeInfo
	Actions []client.ActionInfo
}

// ReadCatalogue asks a server for what it knows.
func ReadCatalogue(ctx context.Context, t *client.Tracker) (c Catalogue, err error) {
	types, err := t.ListTypes(ctx)
	if err != nil {
		return c, err
	}
	actions, err := t.ListActions(ctx)
	if err != nil {
		return c, err
	}
	return Catalogue{types.Types, actions.Actions}, nil
}

func (c Catalogue) types() map[string]client.TypeInfo {
	all := map[string]client.TypeInfo{}
	for _, t := range c.Types {
		all[t.Type] = t
	}
	return all
}

// verb is what a type can do under a name or an alias; nil where it cannot.
func (c Catalogue) verb(resourceType, name string) *client.ActionInfo {
	for i, a := range c.Actions {
		if a.ResourceType == resourceType && (a.Action == name || slices.Contains(a.Aliases, name)) {
			return &c.Actions[i]
		}
	}
	return nil
}

// Check holds a file against what a server knows. Its errors are Faults.
func (f *File) Check(c Catalogue) error {
	types := c.types()
	for _, p := range f.Policies {
		f.checkNames(p, c, types)
		selected := p.types(types)
		switch {
		case p.Tag != nil:
			f.checkVerb(p, c, selected, "tag", tagVerb, nil, nil)
		case p.Plan != nil:
			f.checkVerb(p, c, selected, "plan", p.Plan.Verb, p.Plan.Params, p.Plan.Lift)
			f.checkGrace(p, c, selected)
		case p.Schedule != nil:
			f.checkVerb(p, c, selected, "schedule", p.Schedule.Verb, p.Schedule.Params, p.Schedule.Lift)
		}
	}
	return f.wrong()
}

// types are those that the policy may select resources of.
func (p *Policy) types(known map[string]client.TypeInfo) []string {
	var selected []string
	for _, t := range slices.Sorted(maps.Keys(known)) {
		asked := len(p.Select.Types) == 0 || slices.Contains(p.Select.Types, t)
		found := p.Select.Rule == "" || slices.Contains(rules[p.Select.Rule].Types, t)
		if asked && found && p.filter.MayHold(filter.FieldType, t) {
			selected = append(selected, t)
		}
	}
	return selected
}

// checkNames checks the names of types and details.
func (f *File) checkNames(p *Policy, c Catalogue, types map[string]client.TypeInfo) {
	at, field := p.node.Get("select"), p.field+".select"
	names := slices.Sorted(maps.Keys(types))
	for i, t := range p.Select.Types {
		if _, known := types[t]; !known {
			f.fault(at.At("types", fmt.Sprint(i)), fmt.Sprintf("%s.types[%d]", field, i), "unknown resource type %s%s", t, meant(t, names))
		}
	}
	for _, condition := range p.filter.Conditions() {
		if condition.Field != filter.FieldType || condition.Op != filter.OpEquals {
			continue
		}
		for _, t := range condition.Values {
			if _, known := types[t]; !known {
				f.fault(at.At("filter"), field+".filter", "%s: unknown resource type %s%s", condition.Place, t, meant(t, names))
			}
		}
	}
	var details []string
	for _, t := range c.Types {
		for _, d := range t.Details {
			details = append(details, d.Name)
		}
	}
	for i, d := range p.Select.Details {
		if !slices.Contains(details, d) {
			f.fault(at.At("details", fmt.Sprint(i)), fmt.Sprintf("%s.details[%d]", field, i), "unknown detail; allowed: %s", strings.Join(details, ", "))
		}
	}
}

// checkVerb checks that something that is selected has the verb, and that what it is given is
// right for every type that has it.
func (f *File) checkVerb(p *Policy, c Catalogue, selected []string, member, verb string, params map[string]any, lift []string) {
	at, field := p.node.Get(member), p.field+"."+member
	var able, verbs []string
	for _, t := range selected {
		if c.verb(t, verb) != nil {
			able = append(able, t)
		}
		for _, a := range c.Actions {
			if a.ResourceType == t && !slices.Contains(verbs, a.Action) {
				verbs = append(verbs, a.Action)
			}
		}
	}
	slices.Sort(verbs)
	switch {
	case len(selected) == 0:
		return // the names of its types are wrong, which is told already
	case len(able) == 0 && len(verbs) == 0:
		f.fault(at.At("verb"), field, "nothing can be done to %s", strings.Join(selected, ", "))
		return
	case len(able) == 0:
		f.fault(at.At("verb"), field+".verb", "no type that is selected has the verb %s%s; allowed: %s", verb, meant(verb, verbs), strings.Join(verbs, ", "))
		return
	}
	for _, t := range able {
		f.checkParams(p, c.verb(t, verb), member, params, lift)
	}
}

func (f *File) checkParams(p *Policy, a *client.ActionInfo, member string, params map[string]any, lift []string) {
	at, field := p.node.Get(member), p.field+"."+member
	of := fmt.Sprintf(" (%s of %s)", a.Action, a.ResourceType)
	var known []string
	for _, one := range a.Params {
		known = append(known, one.Name)
		if _, given := params[one.Name]; one.Required && !given && member != "tag" {
			f.fault(at.At("params"), field+".params", "lacks %s: %s%s", one.Name, one.Description, of)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if !slices.Contains(known, name) {
			f.fault(at.Get("params").Key(name), field+".params."+name, "is no parameter%s; allowed: %s%s", meant(name, known), strings.Join(known, ", "), of)
		}
	}
	for i, rule := range lift {
		if !slices.Contains(a.Liftable, rule) {
			f.fault(at.At("lift", fmt.Sprint(i)), fmt.Sprintf("%s.lift[%d]", field, i), "no such rule can be lifted%s; allowed: %s%s", meant(rule, a.Liftable), strings.Join(a.Liftable, ", "), of)
		}
	}
}

// checkGrace checks that what waits can be marked.
func (f *File) checkGrace(p *Policy, c Catalogue, selected []string) {
	if p.Plan.Grace == nil {
		return
	}
	for _, t := range selected {
		if c.verb(t, p.Plan.Verb) != nil && (c.verb(t, tagVerb) == nil || c.verb(t, untagVerb) == nil) {
			f.fault(p.node.At("plan").Key("grace"), p.field+".plan.grace", "%s cannot be tagged, and so not be marked: name other types, or plan without grace", t)
		}
	}
}
