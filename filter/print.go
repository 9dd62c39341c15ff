package filter

import "strings"

// String writes the filter as a short query.
func (f Filter) String() string {
	if f.root == nil {
		return ""
	}
	return string(f.root.appendQuery(nil, leaf))
}

func (n *node) appendQuery(b []byte, within join) []byte {
	switch n.join {
	case leaf:
		return n.cond.appendQuery(b)
	case not:
		return n.parts[0].appendQuery(append(b, '-'), not)
	case and, or:
	}
	if within != leaf { // readers need not know that and binds more than or
		return append(n.appendQuery(append(b, '('), leaf), ')')
	}
	for i, p := range n.parts {
		switch {
		case i > 0 && n.join == or:
			b = append(b, " or "...)
		case i > 0:
			b = append(b, ' ')
		}
		b = p.appendQuery(b, n.join)
	}
	return b
}

func (c *Condition) appendQuery(b []byte) []byte {
	b = append(b, c.Field...)
	equals := ":"
	switch c.Field {
	case FieldTag:
		b, equals = appendText(append(b, ':'), c.Key, plainKey), "="
	case FieldMeta:
		b = append(append(b, '.'), c.Key...)
	case FieldCost, FieldCreated:
		if c.Op == OpPresent {
			return append(b, ":"+wordKnown...)
		}
		if c.Op == OpMissing {
			return append(b, ":"+wordUnknown...)
		}
	default:
	}
	switch c.Op {
	case OpPresent:
		return b
	case OpMissing:
		return append(b, '!')
	case OpEquals, OpPrefix:
		b = append(b, equals...)
	case OpContains:
		b = append(b, '~')
	case OpMore, OpAtLeast, OpLess, OpAtMost:
		b = append(b, c.Op...)
	}
	for i, v := range c.Values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, v, func(r rune) bool { return plainValue(r) && r != '*' })
		if c.Op == OpPrefix {
			b = append(b, '*')
		}
	}
	return b
}

// appendText quotes text that is not plain.
func appendText(b []byte, text string, plain func(rune) bool) []byte {
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return !plain(r) }) {
		return append(b, quote(text)...)
	}
	return append(b, text...)
}

// quotedLen is the length of the quoted text that s begins with, or -1.
func quotedLen(s string) int {
	if !strings.HasPrefix(s, `"`) {
		return -1
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return i + 1
		case '\\':
			if i++; i == len(s) || s[i] != '"' && s[i] != '\\' {
				return -1
			}
		}
	}
	return -1
}

var (
	escapes   = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	unescapes = strings.NewReplacer(`\\`, `\`, `\"`, `"`)
)

func quote(text string) string     { return `"` + escapes.Replace(text) + `"` }
func unquote(quoted string) string { return unescapes.Replace(quoted[1 : len(quoted)-1]) }
