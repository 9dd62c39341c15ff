package tracker

import (
	"time"

	"github.com/consolesensei/resource-tracker/filter"
)

// A resource is a filter.Row.
var _ filter.Row = (*Resource)(nil)

// Text implements filter.Row.
func (r *Resource) Text(field filter.Field) (text string, ok bool) {
	switch field {
	case filter.FieldType:
		text = string(r.Type)
	case filter.FieldRegion:
		text = r.Region
	case filter.FieldAccount:
		text = r.AccountID
	case filter.FieldState:
		text = r.State
	case filter.FieldID:
		text = r.ID
	case filter.FieldARN:
		text = r.ARN
	case filter.FieldName:
		if r.Name == nil {
			return "", false
		}
		return *r.Name, true
	default:
	}
	return text, text != ""
}

// Tag implements filter.Row.
func (r *Resource) Tag(key string) (value string, ok bool) {
	value, ok = r.Tags[key]
	return value, ok
}

// Meta implements filter.Row.
func (r *Resource) Meta(member string) any { return r.Metadata[member] }

// MonthlyNanos implements filter.Row.
func (r *Resource) MonthlyNanos() (nanos int64, known bool) {
	if r.MonthlyCost == nil {
		return 0, false
	}
	return int64(*r.MonthlyCost), true
}

// CreatedAt implements filter.Row.
func (r *Resource) CreatedAt() (at time.Time, known bool) {
	if r.Created == nil {
		return time.Time{}, false
	}
	return *r.Created, true
}
