package rows

import (
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Error says which member of a row is not what it has to be; of the row itself
// when it names none.
type Error struct {
	Member   string
	Expected string
}

func (e *Error) Error() string {
	if e.Member == "" {
		return "expected " + e.Expected
	}
	return e.Member + ": expected " + e.Expected
}

// reader reads values, and keeps what was wrong first.
type reader struct{ err error }

func (in *reader) fail(m member, expected string) {
	if in.err == nil {
		in.err = &Error{m.name, expected}
	}
}

// null reports whether a member is absent or null.
func (m member) null() bool { return m.value == "" || m.value == "null" }

// text is empty where there is none.
func (in *reader) text(m member) string {
	switch {
	case m.null():
		return ""
	case m.value[0] != '"':
		in.fail(m, "a string")
		return ""
	}
	return unquote(m.value)
}

// name is nil where there is none.
func (in *reader) name(m member) *string {
	if m.null() {
		return nil
	}
	text := in.text(m)
	return &text
}

func (in *reader) flag(m member) bool {
	if !m.null() && m.value != "true" && m.value != "false" {
		in.fail(m, "a boolean")
	}
	return m.value == "true"
}

// number is false where there is none.
func (in *reader) number(m member) (n float64, ok bool) {
	if m.null() {
		return 0, false
	}
	n, err := strconv.ParseFloat(m.value, 64)
	if err != nil || strings.Trim(m.value, "0123456789.eE+-") != "" { // ParseFloat reads words too
		in.fail(m, "a number")
		return 0, false
	}
	return n, true
}

// money is nil where an amount is not known.
func (in *reader) money(m member) *tracker.Money {
	n, ok := in.number(m)
	if !ok {
		return nil
	}
	amount := tracker.Dollars(n)
	return &amount
}

// time is false where it is not known.
func (in *reader) time(m member) (t time.Time, ok bool) {
	if m.null() {
		return t, false
	}
	if m.value[0] == '"' {
		t, err := time.Parse(time.RFC3339, unquote(m.value))
		if err == nil {
			return t, true
		}
	}
	in.fail(m, "a time such as 2026-01-31T12:00:00Z")
	return t, false
}

// members calls f with the members of an object; with none where it is null.
func (in *reader) members(m member, f func(member)) {
	if m.null() {
		return
	}
	o := object{json: m.value}
	for part, ok := o.next(); ok; part, ok = o.next() {
		f(part)
	}
	if o.err != nil {
		in.fail(m, "an object")
	}
}

// elements calls f with the elements of a list; with none where it is null.
func (in *reader) elements(m member, f func(member)) {
	if m.null() {
		return
	}
	list := gjson.Parse(m.value)
	if !list.IsArray() {
		in.fail(m, "an array")
		return
	}
	list.ForEach(func(_, v gjson.Result) bool {
		f(member{m.name, v.Raw})
		return true
	})
}

func (in *reader) texts(m member) (list []string) {
	in.elements(m, func(e member) { list = append(list, in.text(e)) })
	return list
}

func (in *reader) tags(m member) map[string]string {
	if m.null() {
		return nil
	}
	tags := map[string]string{}
	in.members(m, func(tag member) { tags[tag.name] = in.text(member{m.name, tag.value}) })
	return tags
}

func (in *reader) metadata(m member) tracker.Metadata {
	if m.null() {
		return nil
	}
	all, ok := gjson.Parse(m.value).Value().(map[string]any)
	if !ok {
		in.fail(m, "an object")
	}
	return all
}
