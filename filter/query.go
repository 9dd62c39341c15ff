package filter

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The short query, in EBNF. White space parts conditions and joins them with and.
//
//	query     = [ any ]
//	any       = every { "or" every }
//	every     = one { [ "and" ] one }
//	one       = ( "-" | "not" ) one | "(" any ")" | condition
//	condition = field [ test ] | "tag:" text [ test ] | "meta." path [ test ]
//	test      = ( ":" | "=" | "!=" | "~" ) value { "," value } | "!" | ( ">" | ">=" | "<" | "<=" ) value
//	value     = text [ "*" ]
//	text      = plain characters | '"' any characters, with \" and \\ '"'

// Parse reads a filter in either form: what begins with a brace is JSON. An
// empty text is the Filter that selects everything. Its errors are *Error.
func Parse(text string) (Filter, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return parseJSON([]byte(text))
	}
	if !utf8.ValidString(text) {
		return Filter{}, errorf(Place{}, "not UTF-8")
	}
	p := &queryParser{text: text}
	p.space()
	if p.done() {
		return Filter{}, nil
	}
	root, err := p.any()
	if err != nil {
		return Filter{}, err
	}
	if !p.done() { // any ends at nothing else
		return Filter{}, p.errorf(p.pos, "a parenthesis is closed that was not opened")
	}
	if err := root.check(); err != nil {
		return Filter{}, err
	}
	return Filter{root: root}, nil
}

type queryParser struct {
	text  string
	pos   int
	depth int
}

func (p *queryParser) errorf(pos int, format string, args ...any) *Error {
	return errorf(p.place(pos), format, args...)
}

func (p *queryParser) place(pos int) Place {
	return Place{Char: utf8.RuneCountInString(p.text[:pos]) + 1}
}

func (p *queryParser) rest() string { return p.text[p.pos:] }
func (p *queryParser) done() bool   { return p.pos == len(p.text) }

func (p *queryParser) space() {
	p.pos = len(p.text) - len(strings.TrimLeftFunc(p.rest(), unicode.IsSpace))
}

// take steps over s if it comes next.
func (p *queryParser) take(s string) bool {
	if !strings.HasPrefix(p.rest(), s) {
		return false
	}
	p.pos += len(s)
	return true
}

// word steps over a keyword, in any case, and the space after it.
func (p *queryParser) word(w string) bool {
	rest := p.rest()
	if len(rest) < len(w) || !strings.EqualFold(rest[:len(w)], w) {
		return false
	}
	after, _ := utf8.DecodeRuneInString(rest[len(w):])
	if len(rest) > len(w) && !unicode.IsSpace(after) && after != '(' && after != ')' {
		return false
	}
	p.pos += len(w)
	p.space()
	return true
}

func (p *queryParser) any() (*node, error) {
	var parts []*node
	for {
		part, err := p.every()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if !p.word("or") {
			return joined(or, parts), nil
		}
	}
}

func (p *queryParser) every() (*node, error) {
	var parts []*node
	for {
		part, err := p.one()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		p.space()
		if p.word("and") {
			continue
		}
		before := p.pos
		end := p.done() || p.take(")") || p.word("or")
		p.pos = before
		if end {
			return joined(and, parts), nil
		}
	}
}

func (p *queryParser) one() (*node, error) {
	if p.depth++; p.depth > maxNesting {
		return nil, p.errorf(p.pos, "nested too deep")
	}
	defer func() { p.depth-- }()
	start := p.pos
	switch {
	case p.take("-") || p.word("not"):
		p.space()
		n, err := p.one()
		if err != nil {
			return nil, err
		}
		return negated(n), nil
	case p.take("("):
		p.space()
		n, err := p.any()
		if err != nil {
			return nil, err
		}
		if !p.take(")") {
			return nil, p.errorf(start, "a parenthesis is not closed")
		}
		return n, nil
	}
	return p.condition()
}

func (p *queryParser) condition() (*node, error) {
	start := p.pos
	field, err := p.field()
	if err != nil {
		return nil, err
	}
	key := ""
	switch field {
	case FieldTag:
		if !p.take(":") {
			return nil, p.errorf(p.pos, "expected a colon and a key, such as tag:env=prod")
		}
		if key, err = p.tagKey(); err != nil {
			return nil, err
		}
	case FieldMeta:
		if !p.take(".") {
			return nil, p.errorf(p.pos, "expected a dot and a path of metadata, such as meta.size_gb")
		}
		key = p.path()
	default:
	}
	return p.test(p.place(start), field, key)
}

func (p *queryParser) field() (Field, error) {
	start := p.pos
	n := strings.IndexFunc(p.rest(), func(r rune) bool { return r != '_' && !unicode.IsLetter(r) })
	if n < 0 {
		n = len(p.rest())
	}
	name := p.rest()[:n]
	p.pos += n
	field := Field(strings.ToLower(name))
	if slices.Contains(Fields, field) {
		return field, nil
	}
	if name == "" {
		return "", p.errorf(start, "expected a condition such as type:EBS_Volume, of %s", fieldNames())
	}
	err := p.errorf(start, "unknown field; there are %s", fieldNames())
	err.Unknown, err.Known = name, names(Fields)
	return "", err
}

func (p *queryParser) tagKey() (string, error) {
	if strings.HasPrefix(p.rest(), `"`) {
		return p.quoted()
	}
	return p.plain(plainKey), nil
}

// path steps over a path of metadata, which is read later.
func (p *queryParser) path() string {
	start := p.pos
	for !p.done() {
		if n := quotedLen(p.rest()); n > 0 {
			p.pos += n
			continue
		}
		r, size := utf8.DecodeRuneInString(p.rest())
		if r != '.' && !plainMember(r) {
			break
		}
		p.pos += size
	}
	return p.text[start:p.pos]
}

// tests are what comes between a field and its values.
var tests = []struct {
	sign string
	op   Op
}{
	{"!=", OpEquals}, // and negated
	{"!", OpMissing},
	{">=", OpAtLeast},
	{"<=", OpAtMost},
	{">", OpMore},
	{"<", OpLess},
	{"~", OpContains},
	{"=", OpEquals},
	{":", OpEquals},
}

func (p *queryParser) test(at Place, field Field, key string) (*node, error) {
	sign, op := "", OpPresent
	for _, t := range tests {
		if p.take(t.sign) {
			sign, op = t.sign, t.op
			break
		}
	}
	if (op == OpPresent || op == OpMissing) && !p.atEnd() {
		return nil, p.errorf(p.pos, "expected one of : = != ~ ! > >= < <=, or the end of the condition")
	}
	var exact, begins []string
	if op != OpPresent && op != OpMissing {
		var err error
		if exact, begins, err = p.values(op); err != nil {
			return nil, err
		}
	}
	if !field.text() {
		return known(at, field, op, exact, begins, sign)
	}
	var parts []*node
	if len(exact) > 0 || len(begins) == 0 {
		c, err := readCondition(at, field, key, op, exact)
		if err != nil {
			return nil, err
		}
		parts = append(parts, &node{cond: c})
	}
	if len(begins) > 0 {
		c, err := readCondition(at, field, key, OpPrefix, begins)
		if err != nil {
			return nil, err
		}
		parts = append(parts, &node{cond: c})
	}
	n := joined(or, parts)
	if sign == "!=" {
		n = negated(n)
	}
	return n, nil
}

// known reads a condition on what is compared only, or known, or unknown.
func known(at Place, field Field, op Op, exact, begins []string, sign string) (*node, error) {
	expected := errorf(at, "%s is compared with >, >=, < or <=", field)
	if field != FieldAge {
		expected.Message += ", or is " + string(field) + ":known or " + string(field) + ":unknown"
	}
	switch {
	case len(begins) > 0 || op == OpPresent || op == OpMissing || op == OpContains || sign == "!=":
		return nil, expected
	case op != OpEquals:
	case field == FieldAge || len(exact) > 1:
		return nil, expected
	case exact[0] == wordKnown:
		op, exact = OpPresent, nil
	case exact[0] == wordUnknown:
		op, exact = OpMissing, nil
	default:
		return nil, expected
	}
	c, err := readCondition(at, field, "", op, exact)
	if err != nil {
		return nil, err
	}
	return &node{cond: c}, nil
}

// The words for costs and times that are there or not.
const (
	wordKnown   = "known"
	wordUnknown = "unknown"
)

// atEnd reports whether a condition can end here.
func (p *queryParser) atEnd() bool {
	r, _ := utf8.DecodeRuneInString(p.rest())
	return p.done() || unicode.IsSpace(r) || r == '(' || r == ')'
}

// values reads a list of values; those that end in a star only begin so.
func (p *queryParser) values(op Op) (exact, begins []string, err error) {
	start := p.pos
	for {
		v, star, err := p.value()
		switch {
		case err != nil:
			return nil, nil, err
		case star && op != OpEquals:
			return nil, nil, p.errorf(start, "a star belongs to : and = only; quote one that is meant")
		case star:
			begins = append(begins, v)
		default:
			exact = append(exact, v)
		}
		if !p.take(",") {
			break
		}
		if slices.Contains(compare, op) {
			return nil, nil, p.errorf(start, "a comparison takes one value")
		}
	}
	if !p.atEnd() {
		return nil, nil, p.errorf(p.pos, "expected the end of the value")
	}
	return exact, begins, nil
}

func (p *queryParser) value() (v string, star bool, err error) {
	if strings.HasPrefix(p.rest(), `"`) {
		v, err = p.quoted()
		return v, err == nil && p.take("*"), err
	}
	start := p.pos
	v, star = strings.CutSuffix(p.plain(plainValue), "*")
	switch {
	case v == "" && !star:
		return "", false, p.errorf(start, `expected a value; "" is the empty one`)
	case strings.Contains(v, "*"):
		return "", false, p.errorf(start, "a star stands at the end of a value only; quote one that is meant")
	}
	return v, star, nil
}

// plain steps over what needs no quotes.
func (p *queryParser) plain(is func(rune) bool) string {
	rest := p.rest()
	n := strings.IndexFunc(rest, func(r rune) bool { return !is(r) })
	if n < 0 {
		n = len(rest)
	}
	p.pos += n
	return rest[:n]
}

func plainValue(r rune) bool {
	return !unicode.IsSpace(r) && !unicode.IsControl(r) && !strings.ContainsRune(`(),"`, r)
}

func plainKey(r rune) bool { return plainValue(r) && !strings.ContainsRune("=~!<>*", r) }

func (p *queryParser) quoted() (string, error) {
	n := quotedLen(p.rest())
	if n < 0 {
		return "", p.errorf(p.pos, `a quote is not closed; within quotes, \" and \\ stand for " and \`)
	}
	text := p.rest()[:n]
	p.pos += n
	return unquote(text), nil
}
