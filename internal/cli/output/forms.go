package output

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// picked is a row with the columns that were asked for, or the whole row.
func (p *printer) picked(rows Rows) Rows {
	if len(p.Columns) == 0 {
		return rows
	}
	return func(yield func(json.RawMessage, error) bool) {
		var columns []Column
		for raw, err := range rows {
			if err == nil {
				raw, err = p.pick(raw, &columns)
			}
			if !yield(raw, err) || err != nil {
				return
			}
		}
	}
}

func (p *printer) pick(raw json.RawMessage, columns *[]Column) (json.RawMessage, error) {
	is, err := decode(raw)
	if err != nil {
		return nil, err
	}
	if *columns == nil {
		if *columns, err = p.columns(is); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	before := byte('{')
	for _, c := range *columns {
		name, err := Encode(c.Name)
		if err != nil {
			return nil, err
		}
		value, err := Encode(is.at(c.path()))
		if err != nil {
			return nil, err
		}
		b.WriteByte(before)
		before = ','
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (p *printer) json(w io.Writer, rows Rows) error {
	b := bufio.NewWriter(w)
	n := 0
	for raw, err := range p.picked(rows) {
		if err != nil {
			return err
		}
		before := ",\n  "
		if n == 0 {
			before = "[\n  "
		}
		pretty, err := indent(raw, "  ")
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "%s%s", before, pretty)
		n++
	}
	if n == 0 {
		fmt.Fprint(b, "[")
	} else {
		fmt.Fprintln(b)
	}
	fmt.Fprintln(b, "]")
	return b.Flush()
}

func (p *printer) ndjson(w io.Writer, rows Rows) error {
	b := bufio.NewWriter(w)
	for raw, err := range p.picked(rows) {
		if err != nil {
			return err
		}
		var line bytes.Buffer
		if err := json.Compact(&line, raw); err != nil {
			return err
		}
		fmt.Fprintf(b, "%s\n", safe(line.Bytes()))
	}
	return b.Flush()
}

func (p *printer) csv(w io.Writer, rows Rows) error {
	out := csv.NewWriter(w)
	var columns []Column
	begin := func(first object) (err error) {
		if columns, err = p.columns(first); err != nil {
			return err
		}
		heads := make([]string, len(columns))
		for i, c := range columns {
			heads[i] = p.cell(c.Name)
		}
		return out.Write(heads)
	}
	for raw, err := range rows {
		if err != nil {
			return err
		}
		is, err := decode(raw)
		if err != nil {
			return err
		}
		if columns == nil {
			if err := begin(is); err != nil {
				return err
			}
		}
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = p.cell(text(is.at(c.path())))
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	if columns == nil {
		if err := begin(nil); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// cell is a cell of CSV. A file keeps what it says as it is.
func (p *printer) cell(s string) string {
	if p.Terminal {
		return Clean(s)
	}
	return s
}

func (p *printer) yaml(w io.Writer, rows Rows) error {
	n := 0
	for raw, err := range p.picked(rows) {
		if err != nil {
			return err
		}
		if err := writeYAML(w, append(append([]byte("["), raw...), ']')); err != nil {
			return err
		}
		n++
	}
	if n == 0 {
		_, err := fmt.Fprintln(w, "[]")
		return err
	}
	return nil
}

// Object writes one thing for programs. It writes nothing where the format is for people, and says so.
func (o Options) Object(w io.Writer, columns []Column, raw json.RawMessage) (bool, error) {
	p := &printer{Options: o, known: columns}
	if o.Format == Table {
		return false, nil
	}
	if o.Format == CSV {
		return true, p.csv(w, Of([]json.RawMessage{raw}))
	}
	for raw, err := range p.picked(Of([]json.RawMessage{raw})) {
		if err != nil {
			return true, err
		}
		switch o.Format {
		case YAML:
			return true, writeYAML(w, raw)
		case NDJSON:
			return true, p.ndjson(w, Of([]json.RawMessage{raw}))
		}
		pretty, err := indent(raw, "")
		if err != nil {
			return true, err
		}
		_, err = fmt.Fprintf(w, "%s\n", pretty)
		return true, err
	}
	return true, nil
}

func indent(raw json.RawMessage, prefix string) ([]byte, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, raw, prefix, "  "); err != nil {
		return nil, err
	}
	return safe(b.Bytes()), nil
}

// safe escapes what JSON may hold as it is and a terminal obeys, such as the 8-bit form of ESC [.
func safe(b []byte) []byte {
	if !bytes.ContainsFunc(b, unsafeInJSON) {
		return b
	}
	var out bytes.Buffer
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if unsafeInJSON(r) {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.Write(b[:n])
		}
		b = b[n:]
	}
	return out.Bytes()
}

// unsafeInJSON leaves the white space between members alone: in strings it is escaped already.
func unsafeInJSON(r rune) bool { return commands(r) && r != '\n' && r != '\t' && r != '\r' }
