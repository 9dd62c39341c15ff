package policies_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/consolesensei/resource-tracker/policies"
)

// report has a policy in every state that results tell apart.
func report() *policies.Report {
	begin := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	cost, name := 8.5, "web <1>"
	one := policies.Match{ResourceID: "i-1", ResourceName: &name, ResourceType: "EC2_Instance", AccountID: "1", Region: "eu-west-1", ARN: "arn:x", State: "running", MonthlyCost: &cost, Due: "2026-12-01"}
	two := policies.Match{ResourceID: "b", ResourceType: "S3_Bucket", AccountID: "1", Region: "eu-west-1"}
	return &policies.Report{
		File: "policies/file one.yaml", JobID: "j", StartedAt: begin, EndedAt: begin.Add(1500 * time.Millisecond),
		Policies: []*policies.Result{
			{Policy: "clean", Action: "report", Line: 2, State: policies.StateClean},
			{Policy: "above", Description: "Too many", Action: "report", Line: 6, State: policies.StateMatched, Matched: 1, MonthlyCost: 8.5, Above: "1 resources match, and fail_above is 0", Resources: []policies.Match{one}},
			{Policy: "refused", Action: "plan", Line: 12, State: policies.StateRefused, Message: "2 resources match, and max_items is 1", Matched: 2, Resources: []policies.Match{one, two}},
			{Policy: "unseen", Action: "report", Line: 20, State: policies.StateIncomplete, Incomplete: []string{"the scan did not look at EBS_Volume"}},
		},
	}
}

// TestSARIF holds what is written against what the standard asks for.
func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	if err := report().SARIF(&b); err != nil {
		t.Fatal(err)
	}
	essentials, err := os.ReadFile("testdata/sarif-essentials.json")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(essentials))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", schema); err != nil {
		t.Fatal(err)
	}
	written, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
	if err == nil {
		err = c.MustCompile("sarif.json").Validate(written)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, b.String())
	}
	var log struct {
		Runs []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Invocations []struct {
				ExecutionSuccessful        bool
				ExitCode                   int
				ToolExecutionNotifications []struct{ Level string }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	levels := ""
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%+v is of rule %s", r, run.Tool.Driver.Rules[r.RuleIndex].ID)
		}
		levels += r.RuleID + " " + r.Level + ","
	}
	if levels != "above error,refused warning,refused warning," {
		t.Errorf("results %s", levels)
	}
	if !strings.Contains(b.String(), `"uri": "policies/file%20one.yaml"`) {
		t.Error("the file's name is no URI")
	}
	if i := run.Invocations[0]; i.ExecutionSuccessful || i.ExitCode != 1 || len(i.ToolExecutionNotifications) != 2 || i.ToolExecutionNotifications[0].Level != "error" || i.ToolExecutionNotifications[1].Level != "warning" {
		t.Errorf("%+v", i)
	}
}

func TestJUnit(t *testing.T) {
	var b bytes.Buffer
	if err := report().JUnit(&b); err != nil {
		t.Fatal(err)
	}
	var suites struct {
		Suite struct {
			Tests    int    `xml:"tests,attr"`
			Failures int    `xml:"failures,attr"`
			Errors   int    `xml:"errors,attr"`
			Time     string `xml:"time,attr"`
			Cases    []struct {
				Name    string `xml:"name,attr"`
				Line    int    `xml:"line,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
				Error *struct {
					Type string `xml:"type,attr"`
				} `xml:"error"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(b.Bytes(), &suites); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	s := suites.Suite
	if s.Tests != 4 || s.Failures != 1 || s.Errors != 2 || s.Time != "1.500" || len(s.Cases) != 4 {
		t.Fatalf("%+v", s)
	}
	if f := s.Cases[1].Failure; f == nil || !strings.Contains(f.Text, "EC2_Instance i-1 (web <1>) in eu-west-1 of account 1, for $8.50 a month, matches policy above. Its day is 2026-12-01.") {
		t.Errorf("%+v", f)
	}
	if s.Cases[0].Failure != nil || s.Cases[0].Error != nil || s.Cases[2].Error.Type != "refused" || s.Cases[3].Error.Type != "incomplete" || s.Cases[3].Line != 20 {
		t.Errorf("%+v", s.Cases)
	}
}

// TestCode: what is certain comes before what could not be seen, and what failed before what is too much.
func TestCode(t *testing.T) {
	above, unseen, refused, denied := &policies.Result{Above: "x"}, &policies.Result{Incomplete: []string{"x"}}, &policies.Result{State: policies.StateRefused}, &policies.Result{State: policies.StateDenied}
	for _, tc := range []struct {
		name string
		of   []*policies.Result
		want int
	}{
		{"nothing", nil, 0},
		{"unseen", []*policies.Result{unseen}, 3},
		{"above", []*policies.Result{unseen, above}, 5},
		{"refused", []*policies.Result{above, refused, unseen}, 1},
		{"denied", []*policies.Result{refused, denied, above}, 4},
		{"both of one", []*policies.Result{{Above: "x", Incomplete: []string{"y"}}}, 5},
	} {
		if got := (&policies.Report{Policies: tc.of}).Code(); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}
