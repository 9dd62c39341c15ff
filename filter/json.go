package filter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// In JSON a filter is an object whose members must all hold: "and" and "or" with
// a list of filters, "not" with one, and conditions named by their field:
//
//	{"type": "EBS_Volume", "state": ["available", "error"]}
//	{"name": {"contains": "web"}}, {"id": {"prefix": "vol-"}}, {"name": {"missing": true}}
//	{"tag": {"key": "env", "equals": "prod"}}, {"meta": {"key": "size_gb", "min": 100}}
//	{"cost": {"min": 5, "under": 100}}, {"cost": "unknown"}
//	{"created": {"before": "2026-01-01"}}, {"age": {"over": "30d"}}

// UnmarshalJSON reads an object, or a short query in a string. Its errors are
// *Error.
func (f *Filter) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	var query string
	var err error
	if json.Unmarshal(b, &query) == nil {
		*f, err = Parse(query)
		return err
	}
	*f, err = parseJSON(b)
	return err
}

func parseJSON(b []byte) (Filter, error) {
	if !json.Valid(b) {
		return Filter{}, errorf(Place{}, "not JSON")
	}
	root, err := jsonNode("", b, 0)
	if err != nil || root == nil {
		return Filter{}, err
	}
	if err := root.check(); err != nil {
		return Filter{}, err
	}
	return Filter{root: root}, nil
}

// member is one of an object. A name that comes twice is two of them.
type member struct {
	name  string
	path  string
	value json.RawMessage
}

// place is where the member stands.
func (m member) place() Place { return Place{Path: m.path} }

func members(path string, b []byte, what string) ([]member, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errorf(Place{Path: path}, "expected %s", what)
	}
	var all []member
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, errorf(Place{Path: path}, "not JSON")
		}
		m := member{name: fmt.Sprint(t)}
		if err := dec.Decode(&m.value); err != nil {
			return nil, errorf(Place{Path: path}, "not JSON")
		}
		m.path = strings.TrimPrefix(path+"."+m.name, ".")
		all = append(all, m)
	}
	return all, nil
}

// jsonNode reads an object; nil is the one without members.
func jsonNode(path string, b []byte, depth int) (*node, error) {
	if depth > maxNesting {
		return nil, errorf(Place{Path: path}, "nested too deep")
	}
	all, err := members(path, b, "an object of conditions")
	if err != nil {
		return nil, err
	}
	var parts []*node
	for _, m := range all {
		n, err := m.node(depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return joined(and, parts), nil
}

func (m member) node(depth int) (*node, error) {
	switch m.name {
	case "and", "or":
		var list []json.RawMessage
		if json.Unmarshal(m.value, &list) != nil || len(list) == 0 {
			return nil, errorf(m.place(), "expected a list of filters, at least one")
		}
		parts := make([]*node, len(list))
		for i, b := range list {
			var err error
			if parts[i], err = jsonPart(fmt.Sprintf("%s[%d]", m.path, i), b, depth); err != nil {
				return nil, err
			}
		}
		if m.name == "or" {
			return joined(or, parts), nil
		}
		return joined(and, parts), nil
	case "not":
		n, err := jsonPart(m.path, m.value, depth)
		if err != nil {
			return nil, err
		}
		return negated(n), nil
	}
	if !slices.Contains(Fields, Field(m.name)) {
		err := errorf(m.place(), "unknown field; there are and, or, not, %s", fieldNames())
		err.Unknown, err.Known = m.name, append([]string{"and", "or", "not"}, names(Fields)...)
		return nil, err
	}
	parts, err := m.conditions(Field(m.name))
	if err != nil {
		return nil, err
	}
	return joined(and, parts), nil
}

func jsonPart(path string, b []byte, depth int) (*node, error) {
	n, err := jsonNode(path, b, depth+1)
	if err == nil && n == nil {
		err = errorf(Place{Path: path}, "expected a condition")
	}
	return n, err
}

// conditions reads what is asked of a field: each member of an object is a
// condition.
func (m member) conditions(field Field) ([]*node, error) {
	one := func(at Place, key string, op Op, values []string) ([]*node, error) {
		c, err := readCondition(at, field, key, op, values)
		if err != nil {
			return nil, err
		}
		return []*node{{cond: c}}, nil
	}
	if !field.text() {
		var word string
		if json.Unmarshal(m.value, &word) == nil {
			switch word {
			case wordKnown:
				return one(m.place(), "", OpPresent, nil)
			case wordUnknown:
				return one(m.place(), "", OpMissing, nil)
			}
		}
	} else if !field.keyed() && !bytes.HasPrefix(m.value, []byte("{")) {
		values, err := m.texts()
		if err != nil {
			return nil, err
		}
		return one(m.place(), "", OpEquals, values)
	}
	all, err := members(m.path, m.value, "an object of "+strings.Join(wordsOf(field), ", "))
	if err != nil {
		return nil, err
	}
	key, all, err := cutKey(field, all)
	if err != nil {
		return nil, err
	}
	var parts []*node
	for _, test := range all {
		op, ok := opOf(field, test.name)
		if !ok {
			err := errorf(test.place(), "unknown test; %s has %s", field, strings.Join(wordsOf(field), ", "))
			err.Unknown, err.Known = test.name, wordsOf(field)
			return nil, err
		}
		var values []string
		switch op {
		case OpPresent, OpMissing:
			if string(test.value) != "true" {
				return nil, errorf(test.place(), "expected true")
			}
		case OpMore, OpAtLeast, OpLess, OpAtMost:
			values, err = test.bound()
		case OpEquals, OpPrefix, OpContains:
			values, err = test.texts()
		}
		if err != nil {
			return nil, err
		}
		n, err := one(test.place(), key, op, values)
		if err != nil {
			return nil, err
		}
		parts = append(parts, n...)
	}
	if len(parts) > 0 {
		return parts, nil
	}
	if field.keyed() { // the key alone
		return one(m.place(), key, OpPresent, nil)
	}
	return nil, errorf(m.place(), "expected one of %s", strings.Join(wordsOf(field), ", "))
}

// cutKey takes the key out of the members of a tag or of metadata.
func cutKey(field Field, all []member) (key string, rest []member, err error) {
	if !field.keyed() {
		return "", all, nil
	}
	for _, m := range all {
		if m.name != "key" {
			rest = append(rest, m)
			continue
		}
		if json.Unmarshal(m.value, &key) != nil {
			return "", nil, errorf(m.place(), "expected text")
		}
	}
	return key, rest, nil
}

// texts reads a value or a list of values.
func (m member) texts() ([]string, error) {
	list := []json.RawMessage{m.value}
	if bytes.HasPrefix(m.value, []byte("[")) {
		if err := json.Unmarshal(m.value, &list); err != nil || len(list) == 0 {
			return nil, errorf(m.place(), "expected a value or a list of them, at least one")
		}
	}
	values := make([]string, len(list))
	for i, b := range list {
		var err error
		if values[i], err = m.scalar(b); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// bound reads what something is compared with.
func (m member) bound() ([]string, error) {
	v, err := m.scalar(m.value)
	return []string{v}, err
}

// scalar reads text, a number or a boolean, as text.
func (m member) scalar(b json.RawMessage) (string, error) {
	var text string
	if err := json.Unmarshal(b, &text); err == nil && string(b) != "null" {
		return text, nil
	}
	if bytes.ContainsAny(b[:1], "{[n") {
		return "", errorf(m.place(), "expected text, a number or a boolean")
	}
	if !utf8.Valid(b) {
		return "", errorf(m.place(), "not UTF-8")
	}
	return string(b), nil
}

// opWords are the operators in JSON; those of times have words of their own.
var opWords = []struct {
	op         Op
	word, time string
}{
	{OpEquals, "equals", ""},
	{OpPrefix, "prefix", ""},
	{OpContains, "contains", ""},
	{OpPresent, "present", ""},
	{OpMissing, "missing", ""},
	{OpMore, "over", "after"},
	{OpAtLeast, "min", "from"},
	{OpLess, "under", "before"},
	{OpAtMost, "max", "until"},
}

// wordsOf lists the members that the object of a field has.
func wordsOf(field Field) []string {
	var words []string
	if field.keyed() {
		words = append(words, "key")
	}
	for _, w := range opWords {
		if (field.text() || slices.Contains(compare, w.op)) && slices.Contains(field.ops(), w.op) {
			words = append(words, opWord(field, w.op))
		}
	}
	return words
}

func opWord(field Field, op Op) string {
	for _, w := range opWords {
		if w.op == op {
			if field == FieldCreated && w.time != "" {
				return w.time
			}
			return w.word
		}
	}
	return ""
}

func opOf(field Field, word string) (Op, bool) {
	for _, w := range opWords {
		if opWord(field, w.op) == word && slices.Contains(wordsOf(field), word) {
			return w.op, true
		}
	}
	return "", false
}

// MarshalJSON writes the filter as an object, {} when it selects everything.
func (f Filter) MarshalJSON() ([]byte, error) {
	if f.root == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(f.root.object())
}

func (n *node) object() map[string]any {
	switch n.join {
	case leaf:
		return map[string]any{string(n.cond.Field): n.cond.value()}
	case not:
		return map[string]any{"not": n.parts[0].object()}
	case and, or:
	}
	parts := make([]map[string]any, len(n.parts))
	for i, p := range n.parts {
		parts[i] = p.object()
	}
	if n.join == or {
		return map[string]any{"or": parts}
	}
	return map[string]any{"and": parts}
}

// value is what the field's member holds.
func (c *Condition) value() any {
	test := map[string]any{}
	if c.Field.keyed() {
		test["key"] = c.Key
	}
	word := opWord(c.Field, c.Op)
	switch c.Op {
	case OpPresent, OpMissing:
		if !c.Field.text() {
			return map[Op]string{OpPresent: wordKnown, OpMissing: wordUnknown}[c.Op]
		}
		test[word] = true
	case OpEquals, OpPrefix, OpContains:
		var values any = c.Values
		if len(c.Values) == 1 {
			values = c.Values[0]
		}
		if c.Op == OpEquals && !c.Field.keyed() {
			return values
		}
		test[word] = values
	case OpMore, OpAtLeast, OpLess, OpAtMost:
		test[word] = c.Values[0]
		if c.Field == FieldCost || c.Field == FieldMeta {
			test[word] = json.RawMessage(c.Values[0])
		}
	}
	return test
}
