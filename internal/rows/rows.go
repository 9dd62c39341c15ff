// Package rows reads the rows of pages: resources and findings in JSON, as the
// store keeps them and users send them. It reads them by field, without
// reflection, because a scan may have a million of them: whole, or only what is
// looked at.
package rows

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// The members of a resource. A finding calls those alike that it shares.
const (
	memberID       = "resource_id"
	memberName     = "resource_name"
	memberType     = "resource_type"
	memberAccount  = "account_id"
	memberRegion   = "region"
	memberARN      = "arn"
	memberState    = "state"
	memberCreated  = "creation_date"
	memberTags     = "tags"
	memberMonthly  = "estimated_cost_monthly"
	memberCost     = "cost"
	memberBasis    = "basis" // of the cost
	memberMetadata = "metadata"
)

// memberOf is the member that holds a field.
func memberOf(field filter.Field) string {
	switch field {
	case filter.FieldType:
		return memberType
	case filter.FieldService, filter.FieldARN:
		return memberARN
	case filter.FieldRegion:
		return memberRegion
	case filter.FieldAccount:
		return memberAccount
	case filter.FieldState:
		return memberState
	case filter.FieldID:
		return memberID
	case filter.FieldName:
		return memberName
	case filter.FieldTag:
		return memberTags
	case filter.FieldMeta:
		return memberMetadata
	case filter.FieldCost:
		return memberMonthly
	case filter.FieldCreated, filter.FieldAge:
		return memberCreated
	}
	return ""
}

// Row is a resource or a finding of which is read what is asked for. It reads the
// members in the order that they are written, and goes over them once at most. It
// is a filter.Row. The zero Row reads nothing; it is for one goroutine. What it
// answers points into the row: who keeps it for long clones it.
type Row struct {
	in   reader
	rest object
	seen []member
}

var _ filter.Row = (*Row)(nil)

// Of returns a reader of a row.
func Of(json []byte) *Row {
	r := &Row{seen: make([]member, 0, 12)}
	r.Read(string(json))
	return r
}

// Read turns to another row.
func (r *Row) Read(json string) {
	r.in, r.rest, r.seen = reader{}, object{json: json}, r.seen[:0]
}

// Err says what was wrong with the row, as far as it was read.
func (r *Row) Err() error { return unread(r.rest.err, r.in.err) }

// Selected reports whether a filter selects the row.
func (r *Row) Selected(f filter.Filter) (bool, error) {
	selected := f.Match(r)
	return selected, r.Err()
}

// find is the member of a name, which has no value where there is none.
func (r *Row) find(name string) member {
	for _, m := range r.seen {
		if m.name == name {
			return m
		}
	}
	for m, ok := r.rest.next(); ok; m, ok = r.rest.next() {
		r.seen = append(r.seen, m)
		if m.name == name {
			return m
		}
	}
	return member{name: name}
}

// within is a member of a member that is an object.
func (r *Row) within(name, key string) (m member, ok bool) {
	outer := r.find(name)
	if outer.null() {
		return m, false
	}
	o := object{json: outer.value}
	for m, ok = o.next(); ok; m, ok = o.next() {
		if m.name == key {
			return m, true
		}
	}
	if o.err != nil {
		r.in.fail(outer, "an object")
	}
	return m, false
}

// Text implements filter.Row.
func (r *Row) Text(field filter.Field) (text string, ok bool) {
	m := r.find(memberOf(field))
	text = r.in.text(m)
	if field == filter.FieldName {
		return text, !m.null()
	}
	return text, text != ""
}

// Tag implements filter.Row.
func (r *Row) Tag(key string) (value string, ok bool) {
	m, ok := r.within(memberTags, key)
	return r.in.text(member{memberTags, m.value}), ok
}

// Tags calls f with the tags, in the order that they are written.
func (r *Row) Tags(f func(key, value string)) {
	r.in.members(r.find(memberTags), func(m member) { f(m.name, r.in.text(member{memberTags, m.value})) })
}

// Meta implements filter.Row.
func (r *Row) Meta(key string) any {
	m, ok := r.within(memberMetadata, key)
	if !ok {
		return nil
	}
	return gjson.Parse(m.value).Value()
}

// MonthlyNanos implements filter.Row.
func (r *Row) MonthlyNanos() (nanos int64, known bool) {
	n, known := r.in.number(r.find(memberMonthly))
	return int64(tracker.Dollars(n)), known
}

// CreatedAt implements filter.Row.
func (r *Row) CreatedAt() (at time.Time, known bool) { return r.in.time(r.find(memberCreated)) }

// Basis is how the cost is known.
func (r *Row) Basis() tracker.CostBasis {
	if r.find(memberCost).null() {
		return tracker.CostUnknown
	}
	m, _ := r.within(memberCost, memberBasis)
	return tracker.CostBasis(r.in.text(m))
}

// Identity is what tells the resource from all others. Its texts are its own.
func (r *Row) Identity() (tracker.Resource, error) {
	text := func(field filter.Field) string {
		text, _ := r.Text(field)
		return strings.Clone(text)
	}
	id := tracker.Resource{
		ID: text(filter.FieldID), Type: tracker.Type(text(filter.FieldType)), AccountID: text(filter.FieldAccount), Region: text(filter.FieldRegion),
	}
	return id, r.Err()
}

// Check says what is wrong with the whole member that a field is in, or nil.
func (r *Row) Check(field filter.Field) *Error {
	in, m := reader{}, r.find(memberOf(field))
	switch field {
	case filter.FieldTag:
		in.tags(m)
	case filter.FieldMeta:
		in.members(m, func(member) {})
	case filter.FieldCost:
		in.number(m)
	case filter.FieldCreated, filter.FieldAge:
		in.time(m)
	default:
		in.text(m)
	}
	err, _ := errors.AsType[*Error](cmp.Or(r.rest.err, in.err))
	return err
}

// Cells reads the members that columns name into cells: text as it is, null and
// what is absent as nothing, and all else as it is written.
func Cells(row []byte, columns, cells []string) error {
	clear(cells)
	o := object{json: string(row)}
	for m, ok := o.next(); ok; m, ok = o.next() {
		for i, column := range columns {
			switch {
			case column != m.name || m.null():
			case m.value[0] == '"':
				cells[i] = unquote(m.value)
			default:
				cells[i] = m.value
			}
		}
	}
	return unread(o.err)
}
