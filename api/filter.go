package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/internal/spelling"
	"github.com/consolesensei/resource-tracker/tracker"
)

// filterBody is a filter in a body: an object, or a short query in a string. It
// is kept as it came, so that what is wrong with it can be said with its place.
type filterBody struct{ json.RawMessage }

// The bounds of filters: those of a short query and of an object in JSON, and what
// package filter holds the parts of either to.
const (
	maxFilterQuery  = 16 << 10
	maxFilterBody   = 256 << 10
	maxFilterText   = 1024
	maxFilterValues = 1000
	maxFilterParts  = 200
	maxFilterTags   = 50
)

// filterSchema is the name of the schema of filters.
const filterSchema = "Filter"

// Schema implements huma.SchemaProvider.
func (filterBody) Schema(r huma.Registry) *huma.Schema {
	if r.Map()[filterSchema] == nil {
		r.Map()[filterSchema] = newFilterSchema()
	}
	return &huma.Schema{Ref: "#/components/schemas/" + filterSchema}
}

// newFilterSchema describes what tracker reads. The alternatives are an
// extension, which huma shows and does not validate: it could only say that none
// of them matched, where tracker names the place.
func newFilterSchema() *huma.Schema {
	type object = map[string]any
	ref := object{"$ref": "#/components/schemas/" + filterSchema}
	text := object{"type": []string{"string", "number", "boolean"}, "maxLength": maxFilterText}
	word := object{"type": "string", "maxLength": maxFilterText}
	values := object{"oneOf": []object{text, {"type": "array", "items": text, "minItems": 1, "maxItems": maxFilterValues}}}
	parts := object{"type": "array", "items": ref, "minItems": 1, "maxItems": maxFilterParts}
	isTrue := object{"const": true}
	tests := object{"equals": values, "prefix": values, "contains": values, "present": isTrue, "missing": isTrue}
	test := func(more ...object) object {
		members := object{}
		for _, m := range more {
			maps.Copy(members, m)
		}
		return object{"type": "object", "additionalProperties": false, "minProperties": 1, "properties": members}
	}
	keyed := func(o object) object {
		o["required"] = []string{"key"}
		return o
	}
	bounds := func(schema object, words ...string) object {
		o := object{}
		for _, w := range words {
			o[w] = schema
		}
		return o
	}
	known := object{"enum": []string{"known", "unknown"}}
	numbers := bounds(object{"type": "number"}, "over", "min", "under", "max")
	key := object{"key": word}
	members := object{
		"and": parts, "or": parts, "not": ref,
		"tag": keyed(test(key, tests)), "meta": keyed(test(key, tests, numbers)),
		"cost":    object{"description": "US dollars a month", "oneOf": []object{known, test(numbers)}},
		"created": object{"oneOf": []object{known, test(bounds(word, "after", "from", "before", "until"))}},
		"age":     test(bounds(object{"type": "string", "maxLength": maxFilterText, "description": "A number of s, m, h, d or w"}, "over", "min", "under", "max")),
	}
	for _, f := range filter.Fields {
		if members[string(f)] == nil {
			members[string(f)] = object{"oneOf": []object{values, test(tests)}}
		}
	}
	return &huma.Schema{
		Description: "Conditions on resources, as an object whose members must all hold or as a short query in a string. A list of values means any of " +
			"them. A comparison with what is not known holds neither way.",
		Examples: []any{
			object{"and": []object{
				{"type": []string{"EBS_Volume"}},
				{"not": object{"tag": object{"key": "env", "equals": "prod"}}},
				{"cost": object{"min": 5}},
				{"age": object{"over": "30d"}},
			}},
			`type:EBS_Volume -tag:env=prod cost>=5 age>30d (state:available or state:error) name~web tag:owner! meta.size_gb>=100`,
		},
		Extensions: object{"oneOf": []object{{"type": "string", "maxLength": maxFilterQuery}, {"type": "object", "additionalProperties": false, "properties": members}}},
	}
}

// readFilterBody reads a filter of a body.
func (s *Server) readFilterBody(at string, b filterBody) (filter.Filter, []FieldError) {
	var f filter.Filter
	if len(b.RawMessage) == 0 {
		return f, nil
	}
	most := maxFilterBody
	if b.RawMessage[0] == '"' {
		most = maxFilterQuery
	}
	if len(b.RawMessage) > most {
		return f, []FieldError{{at, fmt.Sprintf("a filter has at most %d bytes, and at most %d as a short query", maxFilterBody, maxFilterQuery)}}
	}
	if err := f.UnmarshalJSON(b.RawMessage); err != nil {
		return f, []FieldError{filterFault(at, err)}
	}
	return f, s.checkFilter(at, f)
}

// readFilter reads a filter that stands in the query parameter filter.
func (s *Server) readFilter(text string) (filter.Filter, []FieldError) {
	return s.readFilterText("query.filter", text)
}

// readFilterText reads a filter that stands in a field as a short query.
func (s *Server) readFilterText(at, text string) (filter.Filter, []FieldError) {
	f, err := filter.Parse(text)
	if err != nil {
		return f, []FieldError{filterFault(at, err)}
	}
	return f, s.checkFilter(at, f)
}

// filterFault says where a filter is wrong, and what was probably meant.
func filterFault(at string, err error) FieldError {
	e, ok := errors.AsType[*filter.Error](err)
	if !ok {
		return FieldError{at, "not a filter"}
	}
	msg := e.Message
	if near := spelling.Nearest(e.Unknown, slices.Values(e.Known)); near != "" {
		msg += "; did you mean " + near + "?"
	}
	return placed(at, e.Place, msg)
}

// placed is a fault at a place within the field at.
func placed(at string, p filter.Place, msg string) FieldError {
	switch {
	case p.Path != "":
		at += "." + p.Path
	case p.Char > 0:
		msg = p.String() + ": " + msg
	}
	return FieldError{at, msg}
}

// checkFilter holds what a filter names against the catalogue.
func (s *Server) checkFilter(at string, f filter.Filter) []FieldError {
	var faults []FieldError
	for _, c := range f.Conditions() {
		if c.Op != filter.OpEquals {
			continue // the rest names nothing whole
		}
		for _, v := range c.Values {
			msg := ""
			switch c.Field {
			case filter.FieldType:
				msg = s.catalogue.refuse(tracker.Type(v))
			case filter.FieldService:
				msg = s.catalogue.doubtService(v)
			case filter.FieldRegion:
				if v != tracker.Global && !knownRegion.MatchString(v) {
					msg = notARegion
				}
			default:
			}
			if msg != "" {
				faults = append(faults, placed(at, c.Place, msg))
			}
		}
	}
	return faults
}

// filter is what the fields select together.
func (f FilterFields) filter() filter.Filter {
	parts := []filter.Filter{
		filter.Where(filter.FieldType, string(f.Type)), filter.Where(filter.FieldRegion, f.Region),
		filter.Where(filter.FieldState, f.State), filter.Where(filter.FieldAccount, f.AccountID),
	}
	for _, k := range slices.Sorted(maps.Keys(f.Tags)) {
		parts = append(parts, filter.WhereTag(k, f.Tags[k]))
	}
	return filter.All(parts...)
}

// checkFields holds filters of the wire contract against the catalogue.
func (s *Server) checkFields(at string, f FilterFields) []FieldError {
	var faults []FieldError
	for _, one := range []struct {
		name, value string
		most        int
	}{
		{"resource_type", string(f.Type), 100}, {"region", f.Region, 64}, {"state", f.State, 64}, {"account_id", f.AccountID, 12},
	} {
		if utf8.RuneCountInString(one.value) > one.most {
			faults = append(faults, FieldError{at + one.name, fmt.Sprintf("expected length <= %d", one.most)})
		}
	}
	if len(f.Tags) > maxFilterTags {
		faults = append(faults, FieldError{at + "tags", fmt.Sprintf("at most %d tags", maxFilterTags)})
	}
	for _, msg := range f.Tags.faults() {
		faults = append(faults, FieldError{at + "tags", msg})
	}
	if len(faults) > 0 {
		return faults
	}
	if f.Type != "" {
		if msg := s.catalogue.refuse(f.Type); msg != "" {
			faults = append(faults, FieldError{at + "resource_type", msg})
		}
	}
	if f.Region != "" && f.Region != tracker.Global && !knownRegion.MatchString(f.Region) {
		faults = append(faults, FieldError{at + "region", notARegion})
	}
	return faults
}

// The cursor of a filtered listing carries, after the store's, when its ages are
// counted and what its filter is: pages of two filters are not one listing.
const cursorSeparator = "_"

func sealCursor(cursor string, f filter.Filter) string {
	if f.IsZero() {
		return cursor
	}
	return strings.Join([]string{cursor, strconv.FormatInt(f.Time().Unix(), 36), filterDigest(f)}, cursorSeparator)
}

// openCursor is the store's cursor in one that sealCursor made, and the filter
// with the time of the first page.
func openCursor(sealed string, f filter.Filter) (string, filter.Filter, error) {
	f = f.At(f.Time().Truncate(time.Second)) // what a cursor can carry
	parts := strings.Split(sealed, cursorSeparator)
	switch {
	case sealed == "" || len(parts) == 1 && f.IsZero():
		return sealed, f, nil
	case len(parts) == 3 && !f.IsZero() && parts[2] == filterDigest(f):
		if at, err := strconv.ParseInt(parts[1], 36, 64); err == nil {
			return parts[0], f.At(time.Unix(at, 0)), nil
		}
	}
	return "", f, invalid(FieldError{"query.cursor", "not a cursor of a listing with this filter"})
}

func filterDigest(f filter.Filter) string { return queryDigest(f.String()) }

// queryDigest tells in a cursor of which query it is.
func queryDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// selectRows reads of each resource what filters of the wire contract look at and
// what f does, and keeps the rest as it came.
func selectRows(all []json.RawMessage, f filter.Filter) ([]json.RawMessage, error) {
	looks := []filter.Field{filter.FieldType, filter.FieldRegion, filter.FieldState, filter.FieldAccount, filter.FieldTag}
	for _, c := range f.Conditions() {
		if !slices.Contains(looks, c.Field) {
			looks = append(looks, c.Field)
		}
	}
	selected := []json.RawMessage{}
	for i, raw := range all {
		at := fmt.Sprintf("body.resources[%d]", i)
		r := rows.Of(raw)
		for _, field := range looks {
			if err := r.Check(field); err != nil {
				return nil, invalid(FieldError{strings.TrimSuffix(at+"."+err.Member, "."), "expected " + err.Expected})
			}
		}
		if f.Match(r) {
			selected = append(selected, raw)
		}
	}
	return selected, nil
}
