package inventory

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
)

// Sorts are the fields that an inventory is sorted by.
var Sorts = []string{"cost", "name", "type", "region", "account", "state", "id", "created", "age", "first_seen", "state_since"}

// maxSorts is how many fields an order has; keyText is how many bytes of a text count.
const (
	maxSorts = 4
	keyText  = 100
)

// by is one field of an order.
type by struct {
	field string
	down  bool
}

// Order is what an inventory is sorted by. What is equal in all fields comes in the order of the resources' numbers, as
// everything does without any. What is not known comes last, up and down.
type Order []by

// ParseOrder reads fields, the first of which counts most, each descending after a minus: -cost,name.
func ParseOrder(text string) (Order, error) {
	var o Order
	if text == "" {
		return o, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		field, down := strings.CutPrefix(strings.TrimSpace(part), "-")
		if !slices.Contains(Sorts, field) {
			return nil, fmt.Errorf("expected fields of %s, each descending after a minus, such as -cost,name", strings.Join(Sorts, ", "))
		}
		if slices.ContainsFunc(o, func(b by) bool { return b.field == field }) {
			return nil, fmt.Errorf("%s is there twice", field)
		}
		o = append(o, by{field, down})
	}
	if len(o) > maxSorts {
		return nil, fmt.Errorf("at most %d fields", maxSorts)
	}
	return o, nil
}

// String is the order as ParseOrder reads it.
func (o Order) String() string {
	parts := make([]string, len(o))
	for i, b := range o {
		if parts[i] = b.field; b.down {
			parts[i] = "-" + b.field
		}
	}
	return strings.Join(parts, ",")
}

// key is what a resource has in a field: a number, a text, or nothing that is known.
type key struct {
	known  bool
	number int64
	text   string
}

// MarshalJSON writes a key short, for cursors.
func (k key) MarshalJSON() ([]byte, error) {
	switch {
	case !k.known:
		return []byte("null"), nil
	case k.text != "" || k.number == noNumber:
		return json.Marshal(k.text)
	}
	return json.Marshal(k.number)
}

// noNumber is the number of a text.
const noNumber = math.MinInt64

// UnmarshalJSON reads what MarshalJSON has written.
func (k *key) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		*k = key{}
		return nil
	case b[0] == '"':
		*k = key{known: true, number: noNumber}
		return json.Unmarshal(b, &k.text)
	}
	*k = key{known: true}
	return json.Unmarshal(b, &k.number)
}

// text is the key of a text: what of it a cursor can carry. It points into the row.
func text(s string, known bool) key {
	if !known {
		return key{}
	}
	return key{true, noNumber, strings.ToValidUTF8(s[:min(len(s), keyText)], "")}
}

// place is where a resource stands in an order.
type place struct {
	keys   []key
	number int64
}

// compare compares places. Orders are total: resources have numbers.
func (o Order) compare(a, b place) int {
	for i, by := range o {
		x, y := a.keys[i], b.keys[i]
		if x.known != y.known {
			if x.known {
				return -1
			}
			return 1
		}
		if c := cmp.Or(cmp.Compare(x.number, y.number), cmp.Compare(x.text, y.text)); c != 0 {
			if by.down {
				return -c
			}
			return c
		}
	}
	return cmp.Compare(a.number, b.number)
}

// clone is the place with texts of its own.
func (p place) clone() place {
	p.keys = slices.Clone(p.keys)
	for i, k := range p.keys {
		p.keys[i].text = strings.Clone(k.text)
	}
	return p
}

// fields are the fields of the order.
func (o Order) fields() []string {
	fields := make([]string, len(o))
	for i, b := range o {
		fields[i] = b.field
	}
	return fields
}

// keys appends where a row stands. first is when it was first seen, where that is asked for.
func (o Order) keys(to []key, r row, first int64) []key {
	for _, b := range o {
		to = append(to, keyOf(r, b.field, first))
	}
	return to
}

var textFields = map[string]filter.Field{
	"name": filter.FieldName, "type": filter.FieldType, "region": filter.FieldRegion, "account": filter.FieldAccount, "id": filter.FieldID,
}

func keyOf(r row, field string, first int64) key {
	switch field {
	case "cost":
		if r.Cost == nil {
			return key{}
		}
		return key{known: true, number: *r.Cost}
	case "state":
		return text(r.State, true)
	case "created", "age":
		at, known := r.CreatedAt()
		n := at.UnixMilli()
		if field == "age" { // the youngest first
			n = -n
		}
		if !known {
			n = 0
		}
		return key{known: known, number: n}
	case "first_seen":
		return key{known: true, number: first}
	case "state_since":
		return key{known: true, number: r.StateSince}
	}
	return text(r.Text(textFields[field]))
}
