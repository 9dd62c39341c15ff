package output

import (
	"bufio"
	"io"
	"slices"
	"strings"
)

// gap is what stands between two columns.
const gap = 2

// narrow is how far a column may be cut for the sake of others.
const narrow = 8

// table prints a head and a line a row. No line is wider than Width: long texts are cut first, then wide
// columns are left out, then the last ones.
func (p *printer) table(w io.Writer, rows Rows) (hidden []string, err error) {
	var lines [][]string
	var columns []Column
	for raw, err := range rows {
		if err != nil {
			return nil, err
		}
		is, err := decode(raw)
		if err != nil {
			return nil, err
		}
		if columns == nil {
			if columns, err = p.columns(is); err != nil {
				return nil, err
			}
		}
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = Clean(c.shown(is.at(c.path()), p.Local))
		}
		lines = append(lines, line)
	}
	if columns == nil {
		if columns, err = p.columns(nil); err != nil {
			return nil, err
		}
	}
	heads := make([]string, len(columns))
	widths := make([]int, len(columns))
	for i, c := range columns {
		heads[i] = strings.ToUpper(strings.ReplaceAll(c.Name, "_", " "))
		widths[i] = Width(heads[i])
		for _, line := range lines {
			widths[i] = max(widths[i], Width(line[i]))
		}
	}
	shown := fit(columns, widths, heads, p.Width, len(p.Columns) > 0)
	for i, c := range columns {
		if !slices.Contains(shown, i) {
			hidden = append(hidden, c.Name)
		}
	}
	b := bufio.NewWriter(w)
	p.line(b, columns, shown, widths, heads, true)
	for _, line := range lines {
		p.line(b, columns, shown, widths, line, false)
	}
	return hidden, b.Flush()
}

func (p *printer) line(b *bufio.Writer, columns []Column, shown, widths []int, cells []string, head bool) {
	var line strings.Builder
	for n, i := range shown {
		if n > 0 {
			line.WriteString(strings.Repeat(" ", gap))
		}
		c := columns[i]
		cell := Pad(Cut(cells[i], widths[i]), widths[i], c.Kind == Number || c.Kind == Money)
		if n == len(shown)-1 {
			cell = strings.TrimRight(cell, " ")
		}
		switch {
		case head:
			cell = Paint(p.Color, Bold, cell)
		case c.Kind == State:
			cell = Paint(p.Color, StateColor(cells[i]), cell)
		}
		line.WriteString(cell)
	}
	b.WriteString(line.String() + "\n") //nolint:errcheck // Flush answers it
}

// fit narrows the columns to a line's width, and returns those that have room. Columns that were asked for
// by name are all kept, however narrow.
func fit(columns []Column, widths []int, heads []string, line int, asked bool) []int {
	shown := make([]int, len(columns))
	for i := range columns {
		shown[i] = i
	}
	if line <= 0 {
		return shown
	}
	least := func(i int) int {
		switch columns[i].Kind {
		case Number, Money, Time:
			return widths[i]
		case ID:
			return min(widths[i], 22)
		case Word:
			return min(widths[i], 12)
		default:
			return min(widths[i], max(narrow, Width(heads[i])))
		}
	}
	for !fits(shown, least, line) && len(shown) > 1 && !asked {
		shown = slices.Delete(shown, last(columns, shown), last(columns, shown)+1)
	}
	if !fits(shown, least, line) {
		least = func(int) int { return 1 }
	}
	for room(shown, widths, line) < 0 {
		if !shrink(shown, widths, least) {
			break
		}
	}
	return shown
}

// last is the place of the column that goes first for lack of room: the last wide one, else the last.
func last(columns []Column, shown []int) int {
	for n, i := range slices.Backward(shown) {
		if columns[i].Wide {
			return n
		}
	}
	return len(shown) - 1
}

func fits(shown []int, least func(int) int, line int) bool {
	n := gap * (len(shown) - 1)
	for _, i := range shown {
		n += least(i)
	}
	return n <= line
}

// room is what is left of a line; it is negative where there is too little.
func room(shown, widths []int, line int) int {
	n := line - gap*(len(shown)-1)
	for _, i := range shown {
		n -= widths[i]
	}
	return n
}

// shrink takes one character of the widest column that has one to give.
func shrink(shown, widths []int, least func(int) int) bool {
	widest := -1
	for _, i := range shown {
		if widths[i] > least(i) && (widest < 0 || widths[i] > widths[widest]) {
			widest = i
		}
	}
	if widest < 0 {
		return false
	}
	widths[widest]--
	return true
}
