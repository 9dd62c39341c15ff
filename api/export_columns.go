package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/internal/rows"
)

// ColumnsQuery chooses the columns of an export.
type ColumnsQuery struct {
	Columns []string `query:"columns" maxItems:"60" maxLength:"140" doc:"Of csv: only these columns, in this order. Beside those that csv has: name, which is the ID where there is no name; cost.basis and cost.upper_bound; tag:KEY, which is empty where the resource lacks the tag"`
}

// column is one of a CSV: its name, and the member of a row that it is read from, or what is within that member.
type column struct {
	name, member, within string
	// or is the member that stands in for one that is empty.
	or string
}

// tagColumn begins the name of a column that is a tag.
const tagColumn = "tag:"

// whole are columns that are a member of a row each.
func whole(names []string) []column {
	all := make([]column, len(names))
	for i, name := range names {
		all[i] = column{name: name, member: name}
	}
	return all
}

// madeColumns are the columns that are no member of a resource of the inventory.
var madeColumns = []column{
	{name: "name", member: "resource_name", or: "resource_id"},
	{name: "cost.basis", member: "cost", within: "basis"},
	{name: "cost.upper_bound", member: "cost", within: "upper_bound"},
}

// chosen are the columns that are asked for in a format: all of those that are known where none is.
func (q ColumnsQuery) chosen(format exportFormat, known []string) ([]column, error) {
	if len(q.Columns) == 0 {
		return whole(known), nil
	}
	if format != formatCSV && format != formatExcel {
		return nil, invalid(FieldError{"query.columns", "belongs to format=csv and format=csv-excel"})
	}
	offered := slices.Concat(whole(known), madeColumns)
	var all []column
	var faults []FieldError
	for i, name := range q.Columns {
		c, err := readColumn(name, offered)
		if err == nil && slices.Contains(all, c) {
			err = fmt.Errorf("%q is there twice", name)
		}
		if err != nil {
			faults = append(faults, FieldError{fmt.Sprintf("query.columns[%d]", i), err.Error()})
			continue
		}
		all = append(all, c)
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	return all, nil
}

func readColumn(name string, offered []column) (column, error) {
	if key, ok := strings.CutPrefix(name, tagColumn); ok {
		if key == "" {
			return column{}, fmt.Errorf("%q lacks the key of the tag", name)
		}
		return column{name: name, member: "tags", within: key}, nil
	}
	for _, c := range offered {
		if c.name == name {
			return c, nil
		}
	}
	names := namesOf(offered)
	return column{}, fmt.Errorf("%q is no column: there are %s and tag:KEY", name, strings.Join(names, ", "))
}

func namesOf(columns []column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// cellReader reads the cells of one row after the other.
type cellReader struct {
	columns []column
	members []string
	cells   []string
}

func newCellReader(columns []column) *cellReader {
	r := &cellReader{columns: columns, members: make([]string, len(columns)), cells: make([]string, len(columns))}
	for i, c := range columns {
		r.members[i] = c.member
	}
	return r
}

// read answers the cells of a row in JSON. They are good until the next.
func (r *cellReader) read(row []byte) ([]string, error) {
	if err := rows.Cells(row, r.members, r.cells); err != nil {
		return nil, err
	}
	for i, c := range r.columns {
		var err error
		switch cell := r.cells[i : i+1]; {
		case c.or != "" && cell[0] == "":
			err = rows.Cells(row, []string{c.or}, cell)
		case c.within != "" && cell[0] != "":
			err = rows.Cells([]byte(cell[0]), []string{c.within}, cell)
		}
		if err != nil {
			return nil, err
		}
	}
	return r.cells, nil
}
