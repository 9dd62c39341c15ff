package filter

import (
	"encoding/json"
	"slices"
	"strings"
)

// A path in metadata is member names joined with dots, quoted where they are not
// plain. A step into a list goes to each of its elements, and a condition holds
// when it does for one of them.

func plainMember(r rune) bool {
	return r == '_' || r == '-' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

func readPath(at Place, text string) ([]string, error) {
	var path []string
	rest := text
	for {
		member := ""
		if strings.HasPrefix(rest, `"`) {
			n := quotedLen(rest)
			if n < 0 {
				return nil, errorf(at, "a quote is not closed")
			}
			member, rest = unquote(rest[:n]), rest[n:]
		} else {
			n := strings.IndexFunc(rest, func(r rune) bool { return !plainMember(r) })
			if n < 0 {
				n = len(rest)
			}
			member, rest = rest[:n], rest[n:]
		}
		if member == "" {
			return nil, errorf(at, "expected a path of metadata such as size_gb or \"a member\".type")
		}
		path = append(path, member)
		if rest == "" {
			return path, nil
		}
		if rest[0] != '.' {
			return nil, errorf(at, "expected a path of metadata whose members are joined with dots")
		}
		rest = rest[1:]
	}
}

func writePath(path []string) string {
	members := slices.Clone(path)
	for i, m := range members {
		if strings.ContainsFunc(m, func(r rune) bool { return !plainMember(r) }) {
			members[i] = quote(m)
		}
	}
	return strings.Join(members, ".")
}

// evalMeta follows the path from a value of metadata.
func (c *Condition) evalMeta(v any, path []string) verdict {
	switch v := v.(type) {
	case nil:
		return c.evalText("", false)
	case map[string]any:
		return c.evalMember(v, path)
	case []any:
		return evalEach(c, v, path)
	case []string:
		return evalEach(c, v, path)
	case string:
		return c.evalText(v, len(path) == 0)
	case bool:
		text := "false"
		if v {
			text = "true"
		}
		return c.evalText(text, len(path) == 0)
	case float64:
		return c.evalNumber(v, path)
	case int:
		return c.evalNumber(float64(v), path)
	case int32:
		return c.evalNumber(float64(v), path)
	case int64:
		return c.evalNumber(float64(v), path)
	}
	// Whatever else a scanner left is what listings show of it.
	b, err := json.Marshal(v)
	if err != nil {
		return unknown
	}
	var plain any
	if err := json.Unmarshal(b, &plain); err != nil {
		return unknown
	}
	return c.evalMeta(plain, path)
}

func (c *Condition) evalMember(m map[string]any, path []string) verdict {
	if len(path) > 0 {
		return c.evalMeta(m[path[0]], path[1:])
	}
	if c.Op == OpPresent || c.Op == OpMissing {
		return is(len(m) > 0 == (c.Op == OpPresent))
	}
	return c.evalText("", false)
}

// evalEach is the verdict on a list: what holds for one element holds; of an
// empty one nothing is known. Missing is what no element has.
func evalEach[T any](c *Condition, list []T, path []string) verdict {
	if len(list) == 0 {
		return c.evalText("", false)
	}
	v := c.evalMeta(list[0], path)
	for _, e := range list[1:] {
		if c.Op == OpMissing {
			v = min(v, c.evalMeta(e, path))
		} else {
			v = max(v, c.evalMeta(e, path))
		}
	}
	return v
}

func (c *Condition) evalNumber(n float64, path []string) verdict {
	if len(path) > 0 {
		return c.evalText("", false)
	}
	switch c.Op {
	case OpMore, OpAtLeast, OpLess, OpAtMost:
		return c.compareNumber(n)
	case OpEquals:
		for _, v := range c.Values {
			if want, ok := parseNumber(v); ok && want == n {
				return yes
			}
		}
		return no
	case OpPresent, OpMissing, OpPrefix, OpContains:
	}
	return c.evalText(formatNumber(n), true)
}
