package reports

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Relation is one resource that another belongs together with.
type Relation struct {
	Relation  string       `json:"relation" doc:"Such as attached_to, in the words of the resource that names the other"`
	Direction string       `json:"direction" enum:"in,out" doc:"out: the resource names the other; in: the other names it"`
	Key       string       `json:"key,omitempty" doc:"Of the other; absent when the scan did not find it"`
	Type      tracker.Type `json:"resource_type"`
	ID        string       `json:"resource_id" doc:"Of the other; its ARN where it is named by that and was not found"`
	Name      *string      `json:"name"`
	Found     bool         `json:"found" doc:"False when the scan did not find the other: it is gone, or was not scanned"`
}

// Relations finds what a resource belongs together with, from one look at each of
// the others. It holds what the resource names, which is little.
type Relations struct {
	of       tracker.Resource
	refs     []Ref
	outgoing []Relation // of refs
	signs    [][]byte
}

// RelationsOf returns the relations of a resource, of which no other is seen yet.
func RelationsOf(r tracker.Resource) *Relations {
	rel := &Relations{of: r, refs: Outgoing(r)}
	texts := []string{r.ID, r.ARN}
	for _, ref := range rel.refs {
		rel.outgoing = append(rel.outgoing, Relation{Relation: ref.Relation, Direction: "out", Type: ref.Type, ID: ref.ID})
		texts = append(texts, ref.ID)
	}
	for _, text := range texts {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false) // as rows are written
		if err := enc.Encode(text); err == nil && text != "" {
			rel.signs = append(rel.signs, bytes.TrimRight(b.Bytes(), "\n"))
		}
	}
	return rel
}

// Filter selects the types that can be related to the resource.
func (rel *Relations) Filter() filter.Filter {
	names := []string{string(rel.of.Type)} // never none, which would be all
	for _, rule := range rules {
		switch {
		case rule.Target != rel.of.Type:
		case rule.Type == Any:
			return filter.Filter{}
		default:
			names = append(names, string(rule.Type))
		}
	}
	for _, ref := range rel.refs {
		names = append(names, string(ref.Type))
	}
	return filter.Where(filter.FieldType, names...)
}

// MayHold reports whether a row can be that of a related resource. Decoding is
// most of the work, and nearly every row is of others.
func (rel *Relations) MayHold(row []byte) bool {
	return slices.ContainsFunc(rel.signs, func(sign []byte) bool { return bytes.Contains(row, sign) })
}

// Add looks at another resource, and returns how it names the one.
func (rel *Relations) Add(other tracker.Resource) (incoming []Relation) {
	key := other.Key()
	for i, ref := range rel.refs {
		if ref.Is(other) {
			out := &rel.outgoing[i]
			out.Key, out.ID, out.Name, out.Found = key, other.ID, other.Name, true
		}
	}
	if key == rel.of.Key() {
		return nil // what names itself is an outgoing relation already
	}
	for _, ref := range Outgoing(other) {
		if ref.Is(rel.of) {
			incoming = append(incoming, Relation{ref.Relation, "in", key, other.Type, other.ID, other.Name, true})
		}
	}
	return incoming
}

// Outgoing returns how the resource names others, those that were not seen too.
func (rel *Relations) Outgoing() []Relation { return rel.outgoing }

// Ref is a resource that another names, by its ID or its ARN.
type Ref struct {
	Relation string
	Type     tracker.Type
	ID       string
	// AccountID and Region are of the resource that names it: an ID alone is of the
	// same place.
	AccountID, Region string
}

// Outgoing returns the resources that r names, in the order of the rules, each
// once in each relation. Metadata is as scans make it or as JSON brings it back.
func Outgoing(r tracker.Resource) []Ref {
	var refs []Ref
	for _, rule := range rules {
		if rule.Type != Any && rule.Type != r.Type {
			continue
		}
		for _, id := range rule.ids(r) {
			ref := Ref{Relation: rule.Relation, Type: rule.Target, ID: id, AccountID: r.AccountID, Region: r.Region}
			if !slices.Contains(refs, ref) {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// Is reports whether r is what the reference names.
func (ref Ref) Is(r tracker.Resource) bool {
	if r.Type != ref.Type {
		return false
	}
	if strings.HasPrefix(ref.ID, "arn:") {
		return r.ARN == ref.ID || r.ID == ref.ID
	}
	return r.ID == ref.ID && r.AccountID == ref.AccountID &&
		(r.Region == ref.Region || r.Region == tracker.Global || ref.Region == tracker.Global)
}

func (rule Rule) ids(r tracker.Resource) []string {
	if rule.Tag != "" {
		if id := r.Tags[rule.Tag]; id != "" {
			return []string{id}
		}
		return nil
	}
	return texts(nil, map[string]any(r.Metadata), strings.Split(rule.Path, "."))
}

// texts appends the texts at a path from a value of metadata.
func texts(ids []string, v any, path []string) []string {
	switch v := v.(type) {
	case string:
		if v != "" && len(path) == 0 {
			ids = append(ids, v)
		}
	case *string:
		if v != nil {
			ids = texts(ids, *v, path)
		}
	case []string:
		for _, e := range v {
			ids = texts(ids, e, path)
		}
	case []any:
		for _, e := range v {
			ids = texts(ids, e, path)
		}
	case []map[string]any:
		for _, e := range v {
			ids = texts(ids, e, path)
		}
	case []tracker.Metadata:
		for _, e := range v {
			ids = texts(ids, map[string]any(e), path)
		}
	case tracker.Metadata:
		ids = texts(ids, map[string]any(v), path)
	case map[string]string:
		if len(path) > 0 {
			ids = texts(ids, v[path[0]], path[1:])
		}
	case map[string]any:
		if len(path) > 0 {
			ids = texts(ids, v[path[0]], path[1:])
		}
	}
	return ids
}
