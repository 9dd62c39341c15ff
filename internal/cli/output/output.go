// Package output prints rows for people and for programs: as a table that fits the
// terminal, or as JSON, NDJSON, CSV or YAML. A row is the JSON object that the server
// answered, so that what programs read is what the API documents.
package output

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"
)

// Formats are the forms that rows are printed in.
const (
	Table  = "table"
	JSON   = "json"
	NDJSON = "ndjson"
	CSV    = "csv"
	YAML   = "yaml"
)

// Kind says how a column is read by people.
type Kind int

// The kinds of columns.
const (
	Text   Kind = iota
	ID          // is not cut to less than IDs of AWS have
	Word        // one of a few, which the first characters tell
	State       // coloured by what it says
	Number      // to the right, with thousands
	Money       // to the right, dollars with cents; unknown is a dash
	Time        // the minute, in local time
)

// Column is one column of a table or of CSV.
type Column struct {
	Name string // what --columns and --sort call it; its head in upper case
	Path string // where it is in a row, such as "metadata.size_gb"; the name where it is empty
	Kind Kind
	Wide bool // only in a table that has room, and in CSV
}

// Rows are what a verb prints.
type Rows = iter.Seq2[json.RawMessage, error]

// Options say how rows are printed.
type Options struct {
	Format   string
	Columns  []string // in place of the verb's own, by name or by path
	Sort     []string // by name or by path; descending after a minus
	Limit    int      // the most rows; 0 is all
	Width    int      // the most characters of a line of a table; 0 is unbounded
	Color    bool
	Terminal bool // what is written is shown by a terminal, so nothing in it may command that
	Local    *time.Location
}

// ErrColumn is an unknown name in Columns or Sort.
var ErrColumn = errors.New("no such column")

// Of are rows that are at hand.
func Of[T any](values []T) Rows {
	return func(yield func(json.RawMessage, error) bool) {
		for _, v := range values {
			b, err := Encode(v)
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

// Print writes rows, and returns the names of the columns that a table had no room for.
func (o Options) Print(w io.Writer, columns []Column, rows Rows) (hidden []string, err error) {
	p := &printer{Options: o, known: columns}
	if len(o.Sort) > 0 {
		if rows, err = p.sorted(rows); err != nil {
			return nil, err
		}
	}
	if o.Limit > 0 {
		rows = head(rows, o.Limit)
	}
	switch o.Format {
	case JSON:
		return nil, p.json(w, rows)
	case NDJSON:
		return nil, p.ndjson(w, rows)
	case CSV:
		return nil, p.csv(w, rows)
	case YAML:
		return nil, p.yaml(w, rows)
	default:
		return p.table(w, rows)
	}
}

// head are the first rows.
func head(rows Rows, n int) Rows {
	return func(yield func(json.RawMessage, error) bool) {
		left := n
		for raw, err := range rows {
			if !yield(raw, err) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

// printer is one Print.
type printer struct {
	Options
	known []Column
}

// columns are the columns to print, chosen from the first row.
func (p *printer) columns(first object) ([]Column, error) {
	if len(p.Columns) == 0 {
		return p.known, nil
	}
	out := make([]Column, 0, len(p.Columns))
	for _, name := range p.Columns {
		c, err := p.column(name, first)
		if err != nil {
			return nil, err
		}
		c.Wide = false
		out = append(out, c)
	}
	return out, nil
}

// column finds a column by its name, else by a path that begins in the first row.
func (p *printer) column(name string, first object) (Column, error) {
	for _, c := range p.known {
		if strings.EqualFold(c.Name, name) || c.Path == name {
			return c, nil
		}
	}
	path := name
	if key, ok := strings.CutPrefix(name, "tag:"); ok {
		path = "tags." + key
	} else if key, ok := strings.CutPrefix(name, "meta."); ok {
		path = "metadata." + key
	}
	head, _, _ := strings.Cut(path, ".")
	if _, ok := first[head]; !ok && first != nil {
		return Column{}, fmt.Errorf("%w %q: there are %s", ErrColumn, name, strings.Join(p.names(first), ", "))
	}
	return Column{Name: name, Path: path}, nil
}

// names are all that --columns takes.
func (p *printer) names(first object) []string {
	var out []string
	paths := map[string]bool{}
	for _, c := range p.known {
		out = append(out, c.Name)
		paths[c.path()] = true
	}
	var more []string
	for name := range first {
		if !paths[name] && !slices.Contains(out, name) {
			more = append(more, name)
		}
	}
	slices.Sort(more)
	return append(out, more...)
}

func (c Column) path() string { return cmp.Or(c.Path, c.Name) }

// sorted collects the rows, and puts them in the order asked for. Rows that are equal keep theirs;
// what a row does not have comes last.
func (p *printer) sorted(rows Rows) (Rows, error) {
	type row struct {
		raw json.RawMessage
		is  object
	}
	var all []row
	for raw, err := range rows {
		if err != nil {
			return nil, err
		}
		is, err := decode(raw)
		if err != nil {
			return nil, err
		}
		all = append(all, row{raw, is})
	}
	var first object
	if len(all) > 0 {
		first = all[0].is
	}
	for _, key := range slices.Backward(p.Sort) {
		name, descending := strings.CutPrefix(key, "-")
		c, err := p.column(name, first)
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(all, func(a, b row) int { return compare(a.is.at(c.path()), b.is.at(c.path()), descending) })
	}
	return func(yield func(json.RawMessage, error) bool) {
		for _, r := range all {
			if !yield(r.raw, nil) {
				return
			}
		}
	}, nil
}

// Each are rows that come one after another.
func Each[T any](values iter.Seq2[T, error]) Rows {
	return func(yield func(json.RawMessage, error) bool) {
		for v, err := range values {
			var b json.RawMessage
			if err == nil {
				b, err = Encode(v)
			}
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}
