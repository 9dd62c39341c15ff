package policies

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Time      string      `xml:"time,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitProblem `xml:"failure,omitempty"`
		Error   *junitProblem `xml:"error,omitempty"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the report as tests: each policy is one. A bound that is exceeded is a failure; what could not
// be seen or done is an error.
func (r *Report) JUnit(w io.Writer) error {
	suite := junitSuite{
		Name: r.File, Tests: len(r.Policies), Time: fmt.Sprintf("%.3f", r.EndedAt.Sub(r.StartedAt).Seconds()), Timestamp: r.StartedAt.UTC().Format("2006-01-02T15:04:05"),
	}
	for _, p := range r.Policies {
		c := junitCase{Name: p.Policy, Class: strings.TrimSuffix(strings.TrimSuffix(r.File, ".yaml"), ".yml"), File: r.File, Line: p.Line, Time: "0", Out: p.summary()}
		switch p.code() {
		case ExitAbove:
			c.Failure = &junitProblem{p.Above, "fail_above", p.list()}
			suite.Failures++
		case ExitOther, ExitDenied:
			c.Error = &junitProblem{p.Message, string(p.State), p.list()}
			suite.Errors++
		case ExitPartial:
			c.Error = &junitProblem{strings.Join(p.Incomplete, "; "), string(StateIncomplete), p.list()}
			suite.Errors++
		}
		suite.Cases = append(suite.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junitSuites{Suites: []junitSuite{suite}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// summary says in a few lines what became of the policy.
func (r *Result) summary() string {
	lines := []string{fmt.Sprintf("%s: %d resources match, $%.2f a month, %d without a price", r.State, r.Matched, r.MonthlyCost, r.CostUnknown)}
	if r.Message != "" {
		lines = append(lines, r.Message)
	}
	for _, p := range r.Plans {
		lines = append(lines, fmt.Sprintf("plan %s (%s): %s, %d items", p.PlanID, p.Phase, p.State, p.Items))
	}
	return strings.Join(lines, "\n")
}

// listed is how many resources a test names.
const listed = 100

func (r *Result) list() string {
	var lines []string
	for i, m := range r.Resources {
		if i == listed {
			lines = append(lines, fmt.Sprintf("and %d more", r.Matched-listed))
			break
		}
		lines = append(lines, r.describe(m))
	}
	return strings.Join(lines, "\n")
}
