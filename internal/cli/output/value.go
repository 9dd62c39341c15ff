package output

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// object is a row, decoded. Its numbers are json.Number.
type object map[string]any

// Encode returns the JSON of a value. Characters of HTML stand for themselves.
func Encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

func decode(raw json.RawMessage) (object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var out object
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("read a row: %w", err)
	}
	return out, nil
}

// at returns the value at a path, or nil. Keys of tags have dots, so that the longest key wins.
func (o object) at(path string) any { return at(map[string]any(o), path) }

func at(v any, path string) any {
	if path == "" {
		return v
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '.') {
		if next, ok := m[path[:end]]; ok {
			return at(next, strings.TrimPrefix(path[end:], "."))
		}
	}
	return nil
}

// compare orders two values: numbers by size, all else by its text, and nothing last in either direction.
func compare(a, b any, descending bool) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	order := cmp.Compare(text(a), text(b))
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			order = cmp.Compare(x, y)
		}
	}
	if descending {
		return -order
	}
	return order
}

func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

// text is a value as CSV has it: what has members is JSON.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	default:
		b, err := Encode(v)
		if err != nil {
			return ""
		}
		return string(b)
	}
}

// shown is a value as people read it in a table.
func (c Column) shown(v any, local *time.Location) string {
	switch c.Kind {
	case Money:
		if f, ok := number(v); ok {
			return Dollars(f)
		}
		return "-"
	case Number:
		if f, ok := number(v); ok {
			return Thousands(f, -1)
		}
	case Time:
		if s, ok := v.(string); ok {
			if t, err := time.Parse(time.RFC3339, s); err == nil {
				if local == nil {
					local = time.UTC
				}
				return t.In(local).Format("2006-01-02 15:04")
			}
		}
	case Text, ID, Word, State:
	}
	switch v := v.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = text(e)
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		return pairs(v)
	}
	return text(v)
}

// Dollars writes an amount: 1,234.50, and -3.00.
func Dollars(f float64) string { return Thousands(f, 2) }

// Thousands writes a number with commas. Places are the digits behind the point; -1 are as many as it has.
func Thousands(f float64, places int) string {
	s := strconv.FormatFloat(f, 'f', places, 64)
	whole, rest := s, ""
	if i := strings.IndexByte(s, '.'); i >= 0 {
		whole, rest = s[:i], s[i:]
	}
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return sign + whole + rest
}
