package custodian

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// YAML writes the policies as a file that `tracker run` takes. What is not translated or not the same stands
// before it as comments.
func (im *Import) YAML(source string) ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "# Translated from %s: %d policies, %d remarks.\n", comment(source), len(im.Policies), len(im.Notes))
	for _, n := range im.Notes {
		b.WriteString("# " + comment(n.String()) + "\n")
	}
	list := make([]yaml.MapSlice, len(im.Policies))
	for i, p := range im.Policies {
		list[i] = p.member()
	}
	body, err := yaml.MarshalWithOptions(yaml.MapSlice{{Key: "policies", Value: list}}, yaml.IndentSequence(true))
	if err != nil {
		return nil, err
	}
	b.Write(body)
	return []byte(b.String()), nil
}

// comment keeps text in one line.
func comment(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

func (p Policy) member() yaml.MapSlice {
	m := yaml.MapSlice{{Key: "name", Value: p.Name}}
	add := func(to *yaml.MapSlice, key string, value any) {
		*to = append(*to, yaml.MapItem{Key: key, Value: value})
	}
	if p.Description != "" {
		runes := []rune(p.Description)
		add(&m, "description", string(runes[:min(len(runes), 1000)]))
	}
	selected := yaml.MapSlice{{Key: "types", Value: p.Types}}
	if p.Regions != nil {
		add(&selected, "regions", p.Regions)
	}
	if p.Filter != "" {
		add(&selected, "filter", p.Filter)
	}
	if p.Rule != "" {
		add(&selected, "rule", p.Rule)
	}
	add(&m, "select", selected)
	limits := yaml.MapSlice{}
	if p.MaxItems > 0 {
		add(&limits, "max_items", p.MaxItems)
	}
	if p.MaxPercent > 0 {
		add(&limits, "max_percent", p.MaxPercent)
	}
	if len(limits) > 0 {
		add(&m, "limits", limits)
	}
	for key, value := range p.Action {
		add(&m, key, value)
	}
	return m
}
