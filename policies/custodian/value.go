package custodian

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/consolesensei/resource-tracker/policies/internal/tree"
)

// operators are the words for one operator of Custodian's.
var operators = map[string]string{
	"": "", "eq": "eq", "equal": "eq", "ne": "ne", "not-equal": "ne", "in": "in", "not-in": "ni", "ni": "ni", "contains": "contains",
	"regex": "regex", "regex-case": "regex-case", "glob": "glob", "gt": ">", "greater-than": ">", "ge": ">=", "gte": ">=", "le": "<=", "lte": "<=", "lt": "<", "less-than": "<",
}

// comparison is an operator of size; the one given where there is none.
func comparison(word, none string) (op string, ok bool) {
	if word == "" {
		return none, true
	}
	op, ok = operators[word]
	return op, ok && strings.HasPrefix(op, ">") || strings.HasPrefix(op, "<")
}

func number(at *tree.Node) (n float64, ok bool) {
	switch v := at.Text(); {
	case at == nil || at.Kind != tree.Number && at.Kind != tree.Text:
		return 0, false
	default:
		n, err := strconv.ParseFloat(v, 64)
		return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
	}
}

// condition is a value filter that is being translated.
type condition struct {
	at    *tree.Node
	value *tree.Node
	key   key
	scope scope
	whole bool // the value is taken as a number, however it is written
}

// short translates {key: value}.
func (t *translation) short(f tree.Field, s scope) (string, error) {
	k, err := t.key(f.Key, f.Key.Text())
	if err != nil {
		return "", err
	}
	return t.test(condition{at: f.Key, value: f.Value, key: k, scope: s}, "")
}

// value translates a filter of the type value.
func (t *translation) value(at *tree.Node, s scope) (string, error) {
	if err := only(at, "key", "op", "value", "value_type"); err != nil {
		return "", err
	}
	word := at.Get("op").Text()
	op, known := operators[word]
	if !known {
		return "", cannot(at.Get("op"), "op %s is not translated", word)
	}
	if at.Get("value") == nil {
		return "", cannot(at, "a filter without a value")
	}
	name, kind := at.Get("key").Text(), at.Get("value_type").Text()
	if kind == "age" {
		return t.ageOf(at, name, op)
	}
	k, err := t.key(at.Get("key"), name)
	if err != nil {
		return "", err
	}
	c := condition{at: at, value: at.Get("value"), key: k, scope: s, whole: kind == "integer"}
	switch kind {
	case "", "string":
	case "integer":
		if k.kind != numeric {
			return "", cannot(at.Get("value_type"), "value_type integer: %s is text here", name)
		}
	case "normalize":
		if op != "" && op != "eq" && op != "in" {
			return "", cannot(at.Get("value_type"), "value_type normalize is translated with eq and in only")
		}
		if err := t.less(at, s, "value_type normalize: %s is compared as it is, in its case", name); err != nil {
			return "", err
		}
	case "size":
		return t.size(c, op)
	default:
		return "", cannot(at.Get("value_type"), "value_type %s is not translated", kind)
	}
	return t.test(c, op)
}

// key finds where a key of Custodian's is here.
func (t *translation) key(at *tree.Node, name string) (key, error) {
	if at == nil {
		return key{}, cannot(&tree.Node{}, "a filter without a key")
	}
	if tag, ok := strings.CutPrefix(name, "tag:"); ok && tag != "" {
		return key{field: "tag:" + quote(tag)}, nil
	}
	if k, ok := t.resource.keys[name]; ok {
		return k, nil
	}
	known := make([]string, 0, len(t.resource.keys))
	for one := range t.resource.keys {
		known = append(known, one)
	}
	slices.Sort(known)
	return key{}, cannot(at, "key %s is not known here; known are tag:NAME, %s", name, strings.Join(known, ", "))
}

// ageOf translates value_type age, of the time when a resource was made.
func (t *translation) ageOf(at *tree.Node, name, op string) (string, error) {
	days, ok := number(at.Get("value"))
	switch {
	case t.resource.age == "" || name != t.resource.age:
		return "", cannot(at, "value_type age is translated for the time when a resource was made only; %s is not", name)
	case !ok:
		return "", cannot(at.Get("value"), "the age is no number of days")
	case !strings.HasPrefix(op, ">") && !strings.HasPrefix(op, "<"):
		return "", cannot(at, "value_type age is translated with gt, ge, lt and le only")
	}
	return "age" + op + duration(days*24*60), nil
}

// size translates the number of elements of a list, as far as it is none or some.
func (t *translation) size(c condition, op string) (string, error) {
	n, ok := number(c.value)
	if c.key.kind != list && c.key.kind != objects || !ok {
		return "", cannot(c.at, "value_type size is translated for lists only")
	}
	switch none := c.key.field + "!"; {
	case n == 0 && (op == "" || op == "eq" || op == "<="), n == 1 && op == "<":
		return none, nil
	case n == 0 && (op == ">" || op == "ne"), n == 1 && op == ">=":
		return "-" + none, nil
	}
	return "", cannot(c.at, "value_type size is translated as none or some only")
}

// test translates what is asked of a key.
func (t *translation) test(c condition, op string) (string, error) {
	word := c.value.Text()
	if c.value.Kind == tree.Null {
		word = map[string]string{"": "absent", "eq": "absent", "ne": "present"}[op]
		if word == "" {
			return "", cannot(c.at, "op %s of no value is not translated", op)
		}
		return c.special(word)
	}
	if c.value.Kind == tree.Text && slices.Contains(specials, word) {
		if op != "" {
			return "", cannot(c.at, "op %s with %s is not translated", op, word)
		}
		return c.special(word)
	}
	if op == "" {
		op = "eq"
	}
	if c.key.kind == objects || c.key.kind == list && op != "contains" {
		if c.value.Kind == tree.List && len(c.value.Items) == 0 && (op == "eq" || op == "ne") {
			return map[string]string{"eq": "", "ne": "-"}[op] + c.key.field + "!", nil
		}
		return "", cannot(c.at, "a list is asked for what it contains only, or for being empty")
	}
	switch op {
	case "eq", "ne":
		return c.equals(op == "ne", c.value)
	case "in", "ni":
		if c.value.Kind != tree.List {
			return "", cannot(c.value, "op in takes a list")
		}
		return c.equals(op == "ni", c.value.Items...)
	case "contains":
		if c.key.kind == list && c.value.Kind == tree.Text {
			return c.equals(false, c.value)
		}
		if hasCase(c.value.Text()) {
			if err := t.more(c.at, c.scope, "contains asks for the case of %q, which is not looked at here", c.value.Text()); err != nil {
				return "", err
			}
		}
		return c.one("~"+quote(c.value.Text()), c.value)
	case "glob":
		return t.glob(c, c.value.Text())
	case "regex", "regex-case":
		return t.regex(c, c.value.Text(), op == "regex")
	}
	n, ok := number(c.value)
	if c.key.kind != numeric || !ok || c.value.Kind != tree.Number && !c.whole {
		return "", cannot(c.at, "op %s is translated for numbers only", op)
	}
	// What has no such number is in words here, and no comparison holds of it.
	return c.key.field + op + strconv.FormatFloat(n, 'f', -1, 64), nil
}

// specials are the words that stand for being there or not.
var specials = []string{"absent", "present", "empty", "not-null"}

func (c condition) special(word string) (string, error) {
	field := c.key.field
	none := field + "!"
	if c.key.absent != "" {
		none = "(" + field + "! or " + field + "=" + quote(c.key.absent) + ")"
	}
	empty := none
	switch c.key.kind {
	case text, upper:
		if strings.HasPrefix(field, "tag:") || strings.HasPrefix(field, "meta.") {
			empty = "(" + none + " or " + field + `=""` + ")"
		}
	case numeric:
		empty = "(" + none + " or " + field + "=0)"
	case flag:
		empty = "(" + none + " or " + field + "=false)"
	case list, objects:
		if word == "absent" || word == "present" {
			return "", cannot(c.at, "whether a list is there is not known here, but whether it is empty")
		}
	}
	return map[string]string{"absent": none, "present": "-" + none, "empty": empty, "not-null": "-" + empty}[word], nil
}

// equals is that the key has one of the values, or has none of them. A value of another kind than the key equals
// nothing in Custodian, and would here.
func (c condition) equals(not bool, values ...*tree.Node) (string, error) {
	var words []string
	for _, v := range values {
		kind := map[kind]tree.Kind{numeric: tree.Number, flag: tree.Bool}[c.key.kind]
		if kind == tree.Null {
			kind = tree.Text
		}
		switch word := v.Text(); {
		case v.Kind != kind && (!c.whole || v.Kind != tree.Text):
			return "", cannot(v, "the value is of another kind than the key")
		case kind == tree.Text && !v.Quoted && otherKind.MatchString(word):
			return "", cannot(v, "%s is no text to Custodian unless it is quoted", word)
		case c.key.absent != "" && word == c.key.absent:
			return "", cannot(v, "the value stands for none here")
		case c.key.kind == upper && word == strings.ToUpper(word):
			words = append(words, quote(strings.ToLower(word)))
		case c.key.kind == upper:
			return "", cannot(v, "the value is in upper case with AWS")
		default:
			words = append(words, quote(word))
		}
	}
	sign := ""
	if not {
		sign = "-"
	}
	return sign + c.key.field + "=" + strings.Join(words, ","), nil
}

// otherKind is what YAML 1.1, which Custodian reads, takes for a boolean or a day.
var otherKind = regexp.MustCompile(`^(?i:y|yes|n|no|on|off)$|^\d{4}-\d{1,2}-\d{1,2}`)

// one is a test of text.
func (c condition) one(test string, value *tree.Node) (string, error) {
	if c.key.kind != text || value.Kind == tree.List || value.Kind == tree.Map || value.Text() == "" {
		return "", cannot(c.at, "the key is no text, or the value is none")
	}
	return c.key.field + test, nil
}

// quote writes text as filters have it.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// hasCase reports whether text differs from itself in another case.
func hasCase(text string) bool { return strings.ToLower(text) != strings.ToUpper(text) }

// glob translates patterns with stars at their ends.
func (t *translation) glob(c condition, pattern string) (string, error) {
	inner := strings.Trim(pattern, "*")
	switch {
	case inner == "" || strings.ContainsAny(inner, "*?[]"):
		return "", cannot(c.value, "the pattern %s is translated with stars at its ends only", pattern)
	case pattern == inner:
		return c.equals(false, c.value)
	case pattern == inner+"*":
		return c.one("="+quote(inner)+"*", c.value)
	case strings.HasPrefix(pattern, "*") && strings.HasSuffix(pattern, "*"):
		if hasCase(inner) {
			if err := t.more(c.at, c.scope, "the pattern asks for a case, which is not looked at here"); err != nil {
				return "", err
			}
		}
		return c.one("~"+quote(inner), c.value)
	}
	return "", cannot(c.value, "the pattern %s asks for an end, which the language of filters does not", pattern)
}

// regex translates expressions that say no more than a beginning, a part, or some whole texts. Custodian matches
// from the beginning, and regex in any case.
func (t *translation) regex(c condition, expression string, anyCase bool) (string, error) {
	body := strings.TrimPrefix(expression, "^")
	inside := strings.HasPrefix(body, ".*")
	body = strings.TrimPrefix(body, ".*")
	open := !strings.HasSuffix(body, "$")
	body = strings.TrimSuffix(body, "$")
	if rest, ok := strings.CutSuffix(body, ".*"); ok {
		body, open = rest, true
	}
	if strings.HasPrefix(body, "(") && strings.HasSuffix(body, ")") {
		body = strings.TrimPrefix(body[1:len(body)-1], "?:")
	}
	words := strings.Split(body, "|")
	for i, w := range words {
		plain, ok := literal(w)
		if !ok || plain == "" {
			return "", cannot(c.value, "the expression %s is more than a beginning, a part or some texts", expression)
		}
		words[i] = plain
	}
	if len(words) > 1 && !strings.Contains(expression, "(") {
		return "", cannot(c.value, "the expression %s has alternatives without parentheses", expression)
	}
	cased := slices.ContainsFunc(words, hasCase)
	switch {
	case inside && !open:
		return "", cannot(c.value, "the expression %s asks for an end, which the language of filters does not", expression)
	case inside && cased && !anyCase:
		if err := t.more(c.at, c.scope, "the expression asks for a case, which is not looked at here"); err != nil {
			return "", err
		}
	case !inside && cased && anyCase:
		if err := t.less(c.at, c.scope, "the expression is compared in its case"); err != nil {
			return "", err
		}
	}
	test, star := "=", ""
	if inside {
		test = "~"
	} else if open {
		star = "*"
	}
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = quote(w) + star
	}
	return c.one(test+strings.Join(quoted, ","), c.value)
}

// literal is what an expression without operators stands for.
func literal(expression string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(expression); i++ {
		ch := expression[i]
		if ch == '\\' {
			if i++; i == len(expression) || strings.IndexByte(`.-_/\$^*+?()[]{}|`, expression[i]) < 0 {
				return "", false
			}
			b.WriteByte(expression[i])
			continue
		}
		if strings.IndexByte(`.$^*+?()[]{}`, ch) >= 0 {
			return "", false
		}
		b.WriteByte(ch)
	}
	return b.String(), true
}
