package custodian

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/policies/internal/tree"
)

// filters translates a list of filters, all of which must hold.
func (t *translation) filters(at *tree.Node) (string, error) {
	if at == nil || at.Kind == tree.Null {
		return "", nil
	}
	if at.Kind != tree.List {
		return "", cannot(at, "filters are a list")
	}
	var parts []string
	for _, f := range at.Items {
		part, err := t.filter(f, scope{top: true})
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return all(parts...), nil
}

// scope is where a filter stands.
type scope struct {
	top     bool // of the policy, so that it must hold
	negated bool // what selects less there makes the policy select more
}

// less allows a translation that selects less than Custodian's filter does, and notes it.
func (t *translation) less(at *tree.Node, s scope, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	if s.negated {
		return cannot(at, "within not it would select more: %s", message)
	}
	t.note(at, "selects less: %s", message)
	return nil
}

// more allows a translation that selects more, where that makes the policy select less.
func (t *translation) more(at *tree.Node, s scope, format string, args ...any) error {
	message := fmt.Sprintf(format, args...)
	if !s.negated {
		return cannot(at, "it would select more: %s", message)
	}
	t.note(at, "selects less: within not, %s", message)
	return nil
}

func (t *translation) filter(at *tree.Node, s scope) (string, error) {
	switch at.Kind {
	case tree.Text:
		return t.named(at, at.Text(), at, s)
	case tree.Map:
	default:
		return "", cannot(at, "a filter is a word or a map")
	}
	for _, word := range []string{"and", "or", "not"} {
		if parts := at.Get(word); parts != nil && len(at.Fields) == 1 {
			return t.joined(word, parts, s)
		}
	}
	test, err := "", error(nil)
	switch kind := at.Get("type"); {
	case kind != nil:
		test, err = t.named(at, kind.Text(), kind, s)
	case len(at.Fields) == 1:
		test, err = t.short(at.Fields[0], s)
	default:
		err = cannot(at, "a filter of no type")
	}
	if err == nil && s.top && slices.Contains(t.unmarked, test) {
		t.note(at, "is left to the plan, which marks nothing twice")
		t.dropped = append(t.dropped, test)
		return "", nil
	}
	return test, err
}

func (t *translation) joined(word string, parts *tree.Node, s scope) (string, error) {
	if parts.Kind != tree.List || len(parts.Items) == 0 {
		return "", cannot(parts, "%s takes a list", word)
	}
	inner := scope{top: s.top && word == "and", negated: s.negated != (word == "not")}
	var out []string
	for _, p := range parts.Items {
		part, err := t.filter(p, inner)
		if err != nil {
			return "", err
		}
		switch {
		case part != "":
			out = append(out, "("+part+")")
		case !inner.top: // a rule or a mark holds for the whole policy
			return "", cannot(p, "%s of a filter that is none here", word)
		}
	}
	if len(out) == 0 {
		return "", nil
	}
	switch word {
	case "or":
		return "(" + strings.Join(out, " or ") + ")", nil
	case "not":
		return "-(" + strings.Join(out, " ") + ")", nil
	}
	return "(" + strings.Join(out, " ") + ")", nil
}

// only refuses members that are not translated.
func only(at *tree.Node, known ...string) error {
	for _, f := range at.Fields {
		found := f.Key.Text() == "type"
		for _, name := range known {
			found = found || f.Key.Text() == name
		}
		if !found {
			return cannot(f.Key, "%s of the filter is not translated", f.Key.Text())
		}
	}
	return nil
}

// named translates a filter by its type.
func (t *translation) named(at *tree.Node, kind string, place *tree.Node, s scope) (string, error) {
	switch kind {
	case "value":
		return t.value(at, s)
	case "instance-age", "image-age", "age":
		wrong := kind == "image-age" && t.resource.Type != "AMI" || kind == "instance-age" && t.resource.Type != "EC2_Instance"
		if wrong || t.resource.age == "" {
			return "", cannot(place, "%s asks for a time that is not known here", kind)
		}
		return t.age(at)
	case "state-age":
		return t.stopped(at, s)
	case "metrics":
		return t.metric(at, s)
	case "unused":
		if v := at.Get("value"); t.resource.unused == "" || v != nil && v.Value != true {
			return "", cannot(place, "unused is not translated for this resource")
		}
		return "", t.ruled(at, s, t.resource.unused)
	case "skip-ami-snapshots":
		if v := at.Get("value"); v != nil && v.Value != true || t.resource.Type != "EBS_Snapshot" {
			return "", cannot(place, "skip-ami-snapshots is translated with value true only")
		}
		return "", t.ruled(at, s, "old_snapshot")
	case "marked-for-op":
		if !s.top {
			return "", cannot(place, "marked-for-op is translated only where it must hold")
		}
		t.mark = at
		return "", only(at, "tag", "op", "skew", "skew_hours", "tz")
	case "offhour", "onhour":
		return t.hours(at, kind, s)
	}
	return "", cannot(place, "filter %s is not translated", kind)
}

// ruled selects by a rule of savings, which a policy has one of.
func (t *translation) ruled(at *tree.Node, s scope, rule string) error {
	if !s.top {
		return cannot(at, "it is a rule of savings (%s), which is translated only where it must hold", rule)
	}
	if t.rule != "" && t.rule != rule {
		return cannot(at, "it needs two rules of savings, %s and %s", t.rule, rule)
	}
	if t.rule == "" {
		t.note(at, "selects less: what the rule of savings %s finds and counts, by its own conditions too", rule)
	}
	t.rule = rule
	return nil
}

// defaultAge is what Custodian takes for days that are not given.
const defaultAge = 60

// age translates a filter of days, hours and minutes.
func (t *translation) age(at *tree.Node) (string, error) {
	if err := only(at, "op", "days", "hours", "minutes"); err != nil {
		return "", err
	}
	minutes := 0.0
	given := false
	for unit, factor := range map[string]float64{"days": 24 * 60, "hours": 60, "minutes": 1} {
		v := at.Get(unit)
		if v == nil {
			continue
		}
		n, ok := number(v)
		if !ok {
			return "", cannot(v, "%s is no number", unit)
		}
		minutes += n * factor
		given = true
	}
	if !given {
		minutes = defaultAge * 24 * 60
	}
	op, ok := comparison(at.Get("op").Text(), ">")
	if !ok {
		return "", cannot(at.Get("op"), "op %s of an age is not translated", at.Get("op").Text())
	}
	return "age" + op + duration(minutes), nil
}

// duration is a time in the largest unit that it is whole in.
func duration(minutes float64) string {
	switch whole := math.Round(minutes); {
	case math.Mod(whole, 24*60) == 0:
		return fmt.Sprintf("%.0fd", whole/24/60)
	case math.Mod(whole, 60) == 0:
		return fmt.Sprintf("%.0fh", whole/60)
	default:
		return fmt.Sprintf("%.0fm", whole)
	}
}

// stoppedDays is how long the rule stopped_instance wants an instance to be stopped, unless the server is told
// otherwise.
const stoppedDays = 30

// stopped translates state-age of instances: the time of a change of state is known to a rule of savings only.
func (t *translation) stopped(at *tree.Node, s scope) (string, error) {
	if err := only(at, "op", "days"); err != nil {
		return "", err
	}
	op, ok := comparison(at.Get("op").Text(), ">")
	days, number := number(at.Get("days"))
	if t.resource.Type != "EC2_Instance" || !ok || !number || op != ">" && op != ">=" {
		return "", cannot(at, "state-age is translated for ec2, as more than some days")
	}
	if days > stoppedDays {
		return "", cannot(at, "state-age of %g days: the rule stopped_instance finds instances from %d days on, which is more", days, stoppedDays)
	}
	return "", t.ruled(at, s, "stopped_instance")
}

// metric translates a filter of metrics where a rule of savings finds no more than it does.
func (t *translation) metric(at *tree.Node, s scope) (string, error) {
	if err := only(at, "name", "namespace", "statistics", "days", "value", "op", "period", "missing-value"); err != nil {
		return "", err
	}
	name := at.Get("name").Text()
	rule, known := t.resource.rules[name]
	if !known {
		return "", cannot(at, "no rule of savings reads the metric %s for this resource", name)
	}
	op, ok := comparison(at.Get("op").Text(), "<")
	value, isNumber := number(at.Get("value"))
	equal := at.Get("op").Text() == "eq" || at.Get("op").Text() == "equal"
	if !isNumber || !equal && (!ok || op != "<" && op != "<=") {
		return "", cannot(at, "metrics are translated as less than some value")
	}
	days := rule.days
	if v := at.Get("days"); v != nil {
		if days, ok = number(v); !ok {
			return "", cannot(v, "days is no number")
		}
	}
	most := rule.most
	if rule.perDay {
		most *= days
	}
	switch {
	case days > rule.days:
		return "", cannot(at, "the rule %s looks at %g days only", rule.rule, rule.days)
	case equal && (value != 0 || most != 0), op == "<" && !equal && value <= most, op == "<=" && value < most:
		return "", cannot(at, "the rule %s finds what had at most %g, which is more", rule.rule, most)
	}
	return "", t.ruled(at, s, rule.rule)
}
