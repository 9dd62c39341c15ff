package rows

import (
	"strings"

	"github.com/tidwall/gjson"
)

// object reads the members of an object one after the other. It looks at no
// member twice and into none of them.
type object struct {
	json string
	at   int // where what was not read yet begins
	done bool
	err  error
}

// member is one of an object: its value as it is written.
type member struct{ name, value string }

// next reads one more member; false at the end, and where there is no object.
func (o *object) next() (m member, ok bool) {
	if o.done {
		return m, false
	}
	first := o.at == 0
	c := o.token()
	if first && c == '{' {
		if c = ','; o.peek() == '}' {
			c = o.token()
		}
	} else if first {
		return m, o.end(false)
	}
	if c != ',' {
		return m, o.end(c == '}' && o.peek() == 0)
	}
	if o.peek() != '"' {
		return m, o.end(false)
	}
	m.name = o.value()
	if m.name == "" || o.token() != ':' {
		return m, o.end(false)
	}
	m.name = unquote(m.name)
	o.peek()
	if m.value = o.value(); m.value == "" {
		return m, o.end(false)
	}
	return m, true
}

// end is what next answers when there is nothing more, or no object.
func (o *object) end(well bool) bool {
	o.done = true
	if !well {
		o.err = &Error{Expected: "an object"}
	}
	return false
}

// peek steps over white space, and is what follows; 0 at the end. The store writes
// no white space.
func (o *object) peek() byte {
	if o.at < len(o.json) && o.json[o.at] > ' ' {
		return o.json[o.at]
	}
	return o.skip()
}

func (o *object) skip() byte {
	for ; o.at < len(o.json); o.at++ {
		if c := o.json[o.at]; c > ' ' {
			return c
		}
	}
	return 0
}

// token steps over white space and what follows.
func (o *object) token() byte {
	c := o.peek()
	if c != 0 {
		o.at++
	}
	return c
}

// value steps over a value, and is what it consists of; empty where there is none.
func (o *object) value() string {
	end := valueEnd(o.json, o.at)
	if end < 0 {
		return ""
	}
	v := o.json[o.at:end]
	o.at = end
	return v
}

// valueEnd is where a value that begins at i ends, or -1.
func valueEnd(json string, i int) int {
	depth := 0
	for ; i < len(json); i++ {
		switch json[i] {
		case '"':
			if i = textEnd(json, i); i < 0 || depth == 0 {
				return i
			}
			i--
		case '{', '[':
			depth++
		case '}', ']':
			switch depth--; {
			case depth == 0:
				return i + 1
			case depth < 0:
				return -1
			}
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return -1
			}
		default:
			if depth == 0 { // a number or a word
				n := strings.IndexAny(json[i:], ",:}] \t\r\n")
				if n < 0 {
					return -1
				}
				return i + n
			}
		}
	}
	return -1
}

// textEnd is where a text whose quote is at i ends, or -1.
func textEnd(json string, i int) int {
	for start := i + 1; ; {
		n := strings.IndexByte(json[i+1:], '"')
		if n < 0 {
			return -1
		}
		i += n + 1
		escapes := 0
		for i-1-escapes >= start && json[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}

// unquote is the text in quotes.
func unquote(quoted string) string {
	if strings.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	return gjson.Parse(quoted).Str
}
