package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

func TestCodeOf(t *testing.T) {
	for name, row := range map[string]struct {
		err  error
		want int
	}{
		"nothing":         {nil, 0},
		"anything":        {errors.New("disk"), 1},
		"usage":           {usage("no"), 2},
		"a field":         {&client.Error{Status: http.StatusUnprocessableEntity}, 2},
		"a column":        {fmt.Errorf("%w: x", output.ErrColumn), 2},
		"partial":         {ends(ExitPartial), 3},
		"no key":          {&client.Error{Status: http.StatusUnauthorized}, 4},
		"no role, deeper": {fmt.Errorf("start: %w", &client.Error{Status: http.StatusForbidden}), 4},
		"a conflict":      {&client.Error{Status: http.StatusConflict}, 1},
		"above the bound": {ends(ExitFindings), 5},
	} {
		if got := codeOf(row.err); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}

func TestExitOfAScan(t *testing.T) {
	group := func(outcomes ...string) (out []client.FailureGroup) {
		for _, o := range outcomes {
			out = append(out, client.FailureGroup{Outcome: o})
		}
		return out
	}
	for name, row := range map[string]struct {
		job  client.JobAnswer
		want int
	}{
		"complete":        {client.JobAnswer{State: "succeeded", Complete: true}, 0},
		"partly denied":   {client.JobAnswer{State: "partial", Errors: group("denied")}, 3},
		"all denied":      {client.JobAnswer{State: "failed", Errors: group("denied", "bad_credentials")}, 4},
		"denied and late": {client.JobAnswer{State: "failed", Errors: group("denied", "timeout")}, 1},
		"failed":          {client.JobAnswer{State: "failed"}, 1},
		"cancelled":       {client.JobAnswer{State: "cancelled"}, 3},
	} {
		if got := exitOf(&row.job); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}

// TestFieldsAreFlags has the places that the API names, and what sets them here.
func TestFieldsAreFlags(t *testing.T) {
	for location, want := range map[string]string{
		"body.types[0]": "--types", "body.exclude_regions[1]": "--exclude-regions", "query.filter": "--filter", "body.filter.and[0]": "--filter",
		"body.role_arn": "--role-arn", "body.timeout_seconds": "--timeout", "body.select.filter": "--filter", "body.select.action": "the verb",
		"body.select.params.desired": "--param", "body.plan.select.regions": "--regions", "body.off_hours.begin": "--begin",
		"body.access_key_id": "AWS_ACCESS_KEY_ID", "body.billed_cost.group_by[0]": "--billed", "path.id": "id", "query.group_by": "--group-by",
	} {
		if got := flagOf(location); got != want {
			t.Errorf("%s: %s, want %s", location, got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	for name, row := range map[string]struct {
		err  error
		want string
	}{
		"fields":  {&client.Error{Status: 422, Message: "body.types[0]: x", Errors: []client.FieldError{{Location: "body.types[0]", Message: "unknown; GET /api/v1/types lists them"}}}, "--types: unknown; tracker types lists them"},
		"no keys": {&client.Error{Status: 400, Errors: []client.FieldError{{Location: "body.access_key_id", Message: "missing"}}}, "there are no keys to AWS: name a profile"},
		"limited": {&client.Error{Status: 429, Message: "too many scans"}, "too many scans; `tracker quota` says"},
		"unknown": {&client.Error{Status: 404, Message: "no such job"}, "no such job"},
		"no scan": {&client.Error{Status: 404, Message: "no scan is in the history yet: start one with POST /api/v1/scan"}, "no scan is in the history yet: start one with tracker scan"},
	} {
		if got := explain(row.err); !strings.HasPrefix(got, row.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestEveryVerbHasHelp parses all verbs, and asks each for its help.
func TestEveryVerbHasHelp(t *testing.T) {
	parser, err := kong.New(&root{}, kong.Name("tracker"))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *kong.Node, path []string)
	walk = func(n *kong.Node, path []string) {
		for _, child := range n.Children {
			if child.Hidden {
				continue
			}
			args := append(append([]string{}, path...), child.Name)
			if child.Help == "" {
				t.Errorf("%v has no help", args)
			}
			var out, errs strings.Builder
			code := Run(t.Context(), append(args, "--help"), func(string) string { return "" }, Streams{strings.NewReader(""), &out, &errs})
			if code != 0 || !strings.HasPrefix(out.String(), "Usage: tracker "+args[0]) {
				t.Errorf("%v: %d %s%s", args, code, out.String(), errs.String())
			}
			for _, f := range child.Flags {
				if f.Help == "" {
					t.Errorf("%v --%s has no help", args, f.Name)
				}
			}
			if d := child.DefaultCmd; d != nil && len(d.Flags) > 0 && d.Tag.Default != "withargs" {
				t.Errorf("%v takes no flag of %s, which it is without more", args, d.Name)
			}
			walk(child, args)
		}
	}
	walk(parser.Model.Node, nil)
}

// TestManual looks for every verb and every flag in the manual page, and has the checkers of
// manual pages read it, where the machine has them.
func TestManual(t *testing.T) {
	var out, errs strings.Builder
	if code := Run(t.Context(), []string{"manual"}, func(string) string { return "" }, Streams{strings.NewReader(""), &out, &errs}); code != 0 {
		t.Fatal(code, errs.String())
	}
	page := strings.ReplaceAll(out.String(), `\-`, "-")
	parser, err := kong.New(&root{}, kong.Name("tracker"))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *kong.Node, path string)
	walk = func(n *kong.Node, path string) {
		_, part, found := strings.Cut(page+"\n.", `.SS "`+path)
		part, _, _ = strings.Cut(part, "\n.SS")
		if !found && n.Parent != nil {
			t.Errorf("%s is not in the page", path)
		}
		if n.Parent == nil {
			part = page
		}
		for _, f := range n.Flags {
			long, short := "--"+f.Name, "--[no-]"+f.Name
			if !strings.Contains(part, long) && !strings.Contains(part, short) {
				t.Errorf("%s %s is not in the page", path, long)
			}
		}
		for _, child := range n.Children {
			if !child.Hidden {
				walk(child, path+" "+child.Name)
			}
		}
	}
	walk(parser.Model.Node, "tracker")
	for _, checker := range [][]string{{"mandoc", "-Tlint", "-Wwarning"}, {"groff", "-ww", "-man", "-z"}} {
		if _, err := exec.LookPath(checker[0]); err != nil {
			continue
		}
		cmd := exec.CommandContext(t.Context(), checker[0], checker[1:]...)
		cmd.Stdin = strings.NewReader(out.String())
		if said, err := cmd.CombinedOutput(); err != nil || len(said) > 0 {
			t.Errorf("%v: %v\n%s", checker, err, said)
		}
	}
}

// TestColours are those of a terminal that wants them; what is written into a file has none.
func TestColours(t *testing.T) {
	e := &env{ctx: context.Background(), stdout: &strings.Builder{}, stderr: &strings.Builder{}, getenv: func(string) string { return "" }}
	if e.colored(e.stdout) || e.interactive() || e.options().Width != 0 {
		t.Error("a buffer is taken for a terminal")
	}
	for value, want := range map[string]bool{"": true, "1": false} {
		if got := wantsColor(func(name string) string { return map[string]string{"NO_COLOR": value}[name] }); got != want {
			t.Errorf("NO_COLOR=%s: %v", value, got)
		}
	}
	e.note("a\x1b[31mb")
	if got := e.stderr.(*strings.Builder).String(); got != `a\x1b[31mb`+"\n" {
		t.Errorf("%q", got)
	}
}

func TestProgress(t *testing.T) {
	began := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	p := newProgress("j-1", began, true)
	cell := func(region, typ, outcome string, resources int) client.CellReport {
		return client.CellReport{AccountID: "111122223333", Region: region, ResourceType: typ, Outcome: outcome, Resources: resources}
	}
	if unknown := p.close([]client.CellReport{cell("*", "*", "ok", 0)}, began); !unknown || len(p.regions) != 0 {
		t.Error("finding the regions is taken for a region")
	}
	p.cover([]client.CellReport{cell("eu-west-1", "A", "", 0), cell("eu-west-1", "B", "", 0), cell("us-east-1", "A", "", 0), cell("us-east-1", "B", "ok", 5)})
	p.state = "running"
	if unknown := p.close([]client.CellReport{cell("eu-west-1", "A", "ok", 1200), cell("eu-west-1", "A", "ok", 1200), cell("us-east-1", "A", "denied", 0)}, began); unknown {
		t.Error("all of these were known")
	}
	want := []string{
		"Scanning: 75 % of 4 cells, 1,205 resources, 1 not seen, 1 m 5 s; no news for 1 m 5 s, still trying",
		"  eu-west-1 " + strings.Repeat("█", 20) + strings.Repeat("░", 20) + "    1/2    1,200 resources",
		"  us-east-1 " + strings.Repeat("█", 40) + "    2/2    5 resources, 1 not seen",
	}
	if diff := cmp.Diff(want, p.lines(100, 24, began.Add(65*time.Second))); diff != "" {
		t.Error(diff)
	}
	for _, width := range []int{20, 40, 79} {
		for _, line := range p.lines(width, 4, began) {
			if output.Width(line) > width {
				t.Errorf("wider than %d: %q", width, line)
			}
		}
	}
	if got := p.lines(80, 4, began); len(got) != 3 || got[2] != "  and 1 region" {
		t.Errorf("%q", got)
	}
	if done := p.complete(); len(done) != 1 || done[0].name != "111122223333 us-east-1" || len(p.complete()) != 0 {
		t.Error(done)
	}
}

func TestSortTakesAMinus(t *testing.T) {
	got := descending([]string{"jobs", "--sort", "-cost", "-o", "csv", "--", "--sort", "-x"})
	if diff := cmp.Diff([]string{"jobs", "--sort=-cost", "-o", "csv", "--", "--sort", "-x"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestParameters(t *testing.T) {
	got := params(map[string]string{"days": "30", "on": "true", "name": "x", "tags": `{"a":"b"}`, "ids": `["a"]`})
	want := map[string]any{"days": 30.0, "on": true, "name": "x", "tags": map[string]any{"a": "b"}, "ids": []any{"a"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestScheduleOfAPlan selects by its filter what the plan changes, and keeps it from the scan.
func TestScheduleOfAPlan(t *testing.T) {
	c := schedulesAddCmd{Name: "office", Begin: "0 19 * * *", End: "0 7 * * *", Plan: "stop", scope: scope{Filter: "tag:hours=office", Findings: true, Regions: []string{"eu-west-1"}}, Account: "prod"}
	body, err := c.schedule()
	if err != nil {
		t.Fatal(err)
	}
	if body.Filter != nil || body.Plan.Select.Filter != "tag:hours=office" || body.Regions != nil || body.Plan.Select.Action != "stop" || body.Account != "prod" {
		t.Errorf("%+v", body)
	}
	c.Filter = ""
	if _, err := c.schedule(); codeOf(err) != ExitUsage {
		t.Error(err)
	}
}

func TestMomentAfter(t *testing.T) {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"2026-12-31": "2026-12-31T00:00:00Z", "2026-12-31T08:00:00+01:00": "2026-12-31T08:00:00+01:00", "90d": "2027-02-25T12:00:00Z", "2w": "2026-12-11T12:00:00Z",
		"": "", "d": "", "-1d": "", "0d": "", "1y": "", "1d2": "", "99999d": "",
	} {
		at, err := momentAfter(text, now)
		if got := at.Format(time.RFC3339); (err != nil) != (want == "") || err == nil && got != want {
			t.Errorf("%s: %s %v", text, got, err)
		}
	}
}

// against runs a command line against a server.
func against(t *testing.T, url, args string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr strings.Builder
	env := map[string]string{"TRACKER_URL": url, "TRACKER_API_KEY": "key", "TRACKER_KEYRING": "off"}
	code = Run(context.WithoutCancel(t.Context()), strings.Fields(args), func(name string) string { return env[name] }, Streams{strings.NewReader(""), &stdout, &stderr})
	return code, stdout.String(), stderr.String()
}
