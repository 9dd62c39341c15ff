package telemetry_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// The tests read PromQL by its tokens, without Prometheus's parser: they see which series,
// labels and values an expression names, and whether its brackets close. They do not
// see whether types fit.

var token = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9.]+|=~|!~|!=|==|>=|<=|\S`)

var (
	grouping = []string{"by", "without", "on", "ignoring", "group_left", "group_right"}
	keywords = []string{"and", "or", "unless", "offset", "bool"}
	// functions are those that the expressions use: an unknown one is a slip.
	functions = []string{"sum", "max", "min", "rate", "increase", "topk", "histogram_quantile"}
	duration  = regexp.MustCompile(`^\[([0-9]+[smhd]|\$__rate_interval)\]$`)
	// onTargets are the labels that Prometheus adds to every series of a target.
	onTargets = []string{"job", "instance"}
)

// values are those that labels may have whose values are known.
var values = map[string][]string{
	"state": append(append(append(words(tracker.ItemStates),
		words([]tracker.JobState{tracker.JobSucceeded, tracker.JobPartial, tracker.JobFailed, tracker.JobCancelled})...),
		words([]tracker.PlanState{tracker.PlanSucceeded, tracker.PlanPartial, tracker.PlanFailed, tracker.PlanCancelled, tracker.PlanExpired})...),
		"pending", "active", "scheduled", "retry", "archived"),
	"outcome": words(tracker.Outcomes),
	"lane":    {"interactive", "scheduled"},
	"what":    {"fired", "missed", "failed", "refused", "kept", "lost", "read", "written"},
	"cost":    {"known", "unknown"},
	"status":  {"evaluated", "not_evaluated", "401", "403", "429", "500"},
	"queue":   {"interactive-0", "scheduled-0", "actions-0", "webhooks-0"},
}

func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// check returns what is wrong with an expression, by what is exported; labels are those
// that its series have.
func (s series) check(expr string) (labels map[string]bool, problems []string) {
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	labels = map[string]bool{}
	for _, l := range onTargets {
		labels[l] = true
	}
	tokens := token.FindAllString(expr, -1)
	at := func(i int) string {
		if i < len(tokens) {
			return tokens[i]
		}
		return ""
	}
	var open []string
	var grouped []string
	metric, found := "", false
	for i := 0; i < len(tokens); i++ {
		switch tok := tokens[i]; {
		case tok == "(" || tok == "{":
			open = append(open, tok)
		case tok == ")" || tok == "}":
			if n := len(open); n == 0 || open[n-1]+tok != "()" && open[n-1]+tok != "{}" {
				wrong("%q closes nothing", tok)
				return labels, problems
			}
			open = open[:len(open)-1]
		case tok[0] == '[':
			if !duration.MatchString(tok) {
				wrong("%s is no range", tok)
			}
		case tok[0] == '"' || !isWord(tok) || slices.Contains(keywords, tok):
		case slices.Contains(grouping, tok):
			for i += 2; i < len(tokens) && tokens[i] != ")"; i++ {
				if isWord(tokens[i]) {
					grouped = append(grouped, tokens[i])
				}
			}
		case len(open) > 0 && open[len(open)-1] == "{":
			if !s[metric][tok] && !slices.Contains(onTargets, tok) {
				wrong("%s has no label %s", metric, tok)
			}
			for _, p := range impossible(tok, at(i+1), strings.Trim(at(i+2), `"`)) {
				wrong("%s: %s", metric, p)
			}
			i += 2
		case at(i+1) == "(" || slices.Contains(grouping, at(i+1)):
			if !slices.Contains(functions, tok) {
				wrong("%s is no function that is known here", tok)
			}
		default:
			metric, found = tok, true
			if s[tok] == nil {
				wrong("no program exports %s", tok)
			}
			for l := range s[tok] {
				labels[l] = true
			}
		}
	}
	if len(open) > 0 || !found {
		wrong("it names no series, or a bracket stays open")
	}
	for _, l := range grouped {
		if !labels[l] {
			wrong("it groups by %s, which none of its series has", l)
		}
	}
	return labels, problems
}

func isWord(tok string) bool { return regexp.MustCompile(`^[a-zA-Z_]`).MatchString(tok) }

// impossible returns which alternatives of a matcher match no value that is known.
func impossible(label, op, value string) (problems []string) {
	known, ok := values[label]
	if !ok {
		return nil
	}
	for part := range strings.SplitSeq(value, "|") {
		if !strings.HasSuffix(op, "~") {
			part = regexp.QuoteMeta(part)
		}
		re, err := regexp.Compile("^(?:" + part + ")$")
		if err != nil || !slices.ContainsFunc(known, re.MatchString) {
			problems = append(problems, fmt.Sprintf("no %s is %q", label, part))
		}
	}
	return problems
}

func TestExpressionsAreRead(t *testing.T) {
	s := series{"a_total": {"state": true, "le": true}, "b": {}}
	for expr, want := range map[string]string{
		`sum by (state) (rate(a_total{state="failed"}[5m])) / max(b) > 0.5`: "",
		`c`:                               "no program exports c",
		`rate(a_total{kind="x"}[5m])`:     "a_total has no label kind",
		`rate(a_total{state="lost"}[5m])`: `a_total: no state is "lost"`,
		`rate(a_total{state=~"failed|lost"}[5m])`: `a_total: no state is "lost"`,
		`sum by (kind) (b)`:                       "it groups by kind, which none of its series has",
		`rate(a_total[5 min])`:                    "[5 min] is no range",
		`summ(b)`:                                 "summ is no function that is known here",
		`sum(b`:                                   "it names no series, or a bracket stays open",
		`sum(b}`:                                  `"}" closes nothing`,
		`up{job=~"tracker-.+"}`:                   "no program exports up",
	} {
		if _, got := s.check(expr); strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
}
