package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// rowReader matches rows of JSON with a filter. It decodes of each row what the
// filter looks at and nothing else. It is for one goroutine.
type rowReader struct {
	filter  filter.Filter
	members []string        // of a row
	tags    map[string]bool // keys
	meta    map[string]bool // members of metadata
	row     tracker.Resource
	name    string
	created time.Time
	cost    tracker.Money
}

func newRowReader(f filter.Filter) *rowReader {
	in := &rowReader{
		filter: f, tags: map[string]bool{}, meta: map[string]bool{},
		row: tracker.Resource{Tags: map[string]string{}, Metadata: tracker.Metadata{}},
	}
	for _, c := range f.Conditions() {
		if name := c.Field.JSON(); !slices.Contains(in.members, name) {
			in.members = append(in.members, name)
		}
		switch c.Field {
		case filter.FieldTag:
			in.tags[c.Key] = true
		case filter.FieldMeta:
			in.meta[c.Member()] = true
		default:
		}
	}
	return in
}

// match reports whether the filter selects a row.
func (in *rowReader) match(row string) (bool, error) {
	clear(in.row.Tags)
	clear(in.row.Metadata)
	in.row = tracker.Resource{Tags: in.row.Tags, Metadata: in.row.Metadata}
	for _, name := range in.members {
		if err := in.read(name, gjson.Get(row, name)); err != nil {
			return false, err
		}
	}
	return in.filter.Match(&in.row), nil
}

func (in *rowReader) read(name string, v gjson.Result) error {
	r := &in.row
	switch name {
	case "resource_type":
		r.Type = tracker.Type(v.Str)
	case "region":
		r.Region = v.Str
	case "account_id":
		r.AccountID = v.Str
	case "state":
		r.State = v.Str
	case "resource_id":
		r.ID = v.Str
	case "arn":
		r.ARN = v.Str
	case "resource_name":
		if v.Type == gjson.String {
			in.name, r.Name = v.Str, &in.name
		}
	case "estimated_cost_monthly":
		if v.Type == gjson.Number {
			in.cost, r.MonthlyCost = tracker.Dollars(v.Num), &in.cost
		}
	case "creation_date":
		if v.Type != gjson.String {
			return nil
		}
		t, err := time.Parse(time.RFC3339, v.Str)
		if err != nil {
			return fmt.Errorf("creation date: %w", err)
		}
		in.created, r.Created = t, &in.created
	case "tags":
		v.ForEach(func(k, v gjson.Result) bool {
			if in.tags[k.Str] {
				r.Tags[k.Str] = v.Str
			}
			return true
		})
	case "metadata":
		v.ForEach(func(k, v gjson.Result) bool {
			if in.meta[k.Str] {
				r.Metadata[k.Str] = v.Value()
			}
			return true
		})
	}
	return nil
}
