package filter

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// Field is what of a resource a condition looks at.
type Field string

// The fields.
const (
	FieldType    Field = "type"
	FieldService Field = "service" // of the ARN, such as "ec2"
	FieldRegion  Field = "region"
	FieldAccount Field = "account"
	FieldState   Field = "state"
	FieldID      Field = "id"
	FieldName    Field = "name"
	FieldARN     Field = "arn"
	FieldTag     Field = "tag"
	FieldMeta    Field = "meta"
	FieldCost    Field = "cost"
	FieldCreated Field = "created"
	FieldAge     Field = "age"
)

// Fields lists the fields in the order that documents name them.
var Fields = []Field{
	FieldType, FieldService, FieldRegion, FieldAccount, FieldState, FieldID, FieldName, FieldARN,
	FieldTag, FieldMeta, FieldCost, FieldCreated, FieldAge,
}

func fieldNames() string { return strings.Join(names(Fields), ", ") }

func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// Op is how a condition looks at its field.
type Op string

// The operators. Lists of values mean any of them.
const (
	OpEquals   Op = "equals"
	OpPrefix   Op = "prefix"
	OpContains Op = "contains" // whatever the case
	OpPresent  Op = "present"
	OpMissing  Op = "missing"
	OpMore     Op = ">"
	OpAtLeast  Op = ">="
	OpLess     Op = "<"
	OpAtMost   Op = "<="
)

var (
	textOps = []Op{OpEquals, OpPrefix, OpContains, OpPresent, OpMissing}
	compare = []Op{OpMore, OpAtLeast, OpLess, OpAtMost}
)

// text reports whether values of the field are text as it stands.
func (f Field) text() bool { return f != FieldCost && f != FieldCreated && f != FieldAge }

// keyed reports whether conditions on the field name a key.
func (f Field) keyed() bool { return f == FieldTag || f == FieldMeta }

// ops are the operators that the field knows.
func (f Field) ops() []Op {
	switch f {
	case FieldMeta:
		return append(slices.Clone(textOps), compare...)
	case FieldCost, FieldCreated:
		return append([]Op{OpPresent, OpMissing}, compare...)
	case FieldAge:
		return compare
	case FieldType, FieldService, FieldRegion, FieldAccount, FieldState, FieldID, FieldName, FieldARN, FieldTag:
	}
	return textOps
}

// Condition is one thing that a filter asks of a resource.
type Condition struct {
	Place
	Field Field
	Key   string // of a tag, or a path in metadata
	Op    Op
	// Values are sorted and in their canonical form; a comparison has one.
	Values []string

	path   []string // of Key in metadata
	number float64
	nanos  int64 // of dollars
	time   time.Time
	age    time.Duration
}

// newCondition returns a condition on text.
func newCondition(field Field, key string, op Op, values ...string) Condition {
	values = slices.Clone(values)
	if op == OpContains {
		for i, v := range values {
			values[i] = strings.ToLower(v)
		}
	}
	slices.Sort(values)
	return Condition{Field: field, Key: key, Op: op, Values: slices.Compact(values)}
}

// readCondition checks a condition as it is written, and reads its values.
func readCondition(at Place, field Field, key string, op Op, values []string) (Condition, error) {
	var none Condition
	if !slices.Contains(field.ops(), op) {
		return none, errorf(at, "%s knows no %s", field, op.words())
	}
	for _, text := range append(values, key) {
		if len(text) > maxText {
			return none, errorf(at, "a value or a key has more than %d bytes", maxText)
		}
	}
	if field.keyed() && key == "" {
		return none, errorf(at, "%s needs a key", field)
	}
	if op == OpPrefix && slices.Contains(values, "") {
		op, values = OpPresent, nil // everything begins with nothing
	}
	if empty := slices.Contains(values, ""); empty && (op != OpEquals || !field.keyed()) {
		return none, errorf(at, "%s needs a value", field)
	}
	c := newCondition(field, key, op, values...)
	c.Place = at
	if field == FieldMeta {
		var err error
		if c.path, err = readPath(at, key); err != nil {
			return none, err
		}
		c.Key = writePath(c.path)
	}
	if slices.Contains(compare, op) {
		if err := c.readBound(values[0]); err != nil {
			return none, err
		}
	}
	return c, nil
}

// words names an operator for people.
func (o Op) words() string {
	switch o {
	case OpEquals:
		return "values"
	case OpContains, OpPrefix:
		return string(o)
	case OpPresent, OpMissing:
		return "present or missing"
	case OpMore, OpAtLeast, OpLess, OpAtMost:
	}
	return "comparison"
}

// Amounts are whole nano-dollars. maxCost bounds those that costs are compared
// with: beyond it a float cannot hold a nano-dollar.
const (
	nanosPerDollar = 1_000_000_000
	maxCost        = 1_000_000
)

// readBound reads what the field is compared with.
func (c *Condition) readBound(text string) error {
	var canonical string
	switch c.Field {
	case FieldCost:
		d, ok := parseNumber(text)
		if !ok || d < 0 || d > maxCost {
			return errorf(c.Place, "expected dollars a month, from 0 to %d", maxCost)
		}
		c.nanos = int64(math.Round(d * nanosPerDollar))
		canonical = formatDollars(c.nanos)
	case FieldCreated:
		t, ok := parseTime(text)
		if !ok {
			return errorf(c.Place, "expected a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z")
		}
		c.time = t
		canonical = formatTime(t)
	case FieldAge:
		d, ok := parseAge(text)
		if !ok {
			return errorf(c.Place, "expected a duration such as 30d: a whole number of s, m, h, d or w, of at most 100 years")
		}
		c.age = d
		canonical = formatAge(d)
	default:
		n, ok := parseNumber(text)
		if !ok {
			return errorf(c.Place, "expected a number")
		}
		c.number = n
		canonical = formatNumber(n)
	}
	c.Values = []string{canonical}
	return nil
}

func (c *Condition) eval(r Row, at time.Time) verdict {
	switch c.Field {
	case FieldCost:
		nanos, known := r.MonthlyNanos()
		switch {
		case c.Op == OpPresent || c.Op == OpMissing:
			return is(known == (c.Op == OpPresent))
		case !known:
			return unknown
		}
		return c.compare(cmp.Compare(nanos, c.nanos))
	case FieldCreated, FieldAge:
		created, known := r.CreatedAt()
		switch {
		case c.Op == OpPresent || c.Op == OpMissing:
			return is(known == (c.Op == OpPresent))
		case !known:
			return unknown
		case c.Field == FieldCreated:
			return c.compare(created.Compare(c.time))
		}
		return c.compare(at.Add(-c.age).Compare(created)) // what is older was created earlier
	case FieldMeta:
		return c.evalMeta(r.Meta(c.path[0]), c.path[1:])
	case FieldTag:
		return c.evalText(r.Tag(c.Key))
	case FieldService:
		arn, _ := r.Text(FieldARN)
		s := service(arn)
		return c.evalText(s, s != "")
	case FieldType, FieldRegion, FieldAccount, FieldState, FieldID, FieldName, FieldARN:
		return c.evalText(r.Text(c.Field))
	}
	return unknown
}

// service is the third part of an ARN: how IAM actions and endpoints call the
// service as well. Source: AWS General Reference, "Amazon Resource Names".
func service(arn string) string {
	_, rest, _ := strings.Cut(arn, ":")
	_, rest, _ = strings.Cut(rest, ":")
	service, _, _ := strings.Cut(rest, ":")
	return service
}

// Meets reports whether text, of which the field consists, meets a condition on
// text.
func (c Condition) Meets(text string) bool { return c.evalText(text, true) == yes }

func (c *Condition) evalText(text string, present bool) verdict {
	switch c.Op {
	case OpPresent:
		return is(present)
	case OpMissing:
		return is(!present)
	case OpEquals:
		return is(present && slices.Contains(c.Values, text))
	case OpPrefix:
		return is(present && slices.ContainsFunc(c.Values, func(v string) bool { return strings.HasPrefix(text, v) }))
	case OpContains:
		text = strings.ToLower(text)
		return is(present && slices.ContainsFunc(c.Values, func(v string) bool { return strings.Contains(text, v) }))
	case OpMore, OpAtLeast, OpLess, OpAtMost:
		if n, ok := parseNumber(text); ok {
			return c.compareNumber(n)
		}
	}
	return unknown
}

func (c *Condition) compareNumber(n float64) verdict {
	switch {
	case n < c.number:
		return c.compare(-1)
	case n > c.number:
		return c.compare(1)
	}
	return c.compare(0)
}

// compare is the verdict when the resource is below (-1), at (0) or above (1)
// what the condition names.
func (c *Condition) compare(to int) verdict {
	switch c.Op {
	case OpMore:
		return is(to > 0)
	case OpAtLeast:
		return is(to >= 0)
	case OpLess:
		return is(to < 0)
	case OpAtMost:
		return is(to <= 0)
	case OpEquals, OpPrefix, OpContains, OpPresent, OpMissing:
	}
	return unknown
}

func is(b bool) verdict {
	if b {
		return yes
	}
	return no
}
