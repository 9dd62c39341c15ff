package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	tracker "github.com/consolesensei/resource-tracker/clients/go"
)

const examplesDir = "../examples"

// languages are the files of an example, and how each is run.
var languages = map[string]func(e exampleRun) *exec.Cmd{
	"curl.sh":    func(e exampleRun) *exec.Cmd { return exec.CommandContext(e.ctx, "bash", "curl.sh") },
	"cli.sh":     func(e exampleRun) *exec.Cmd { return exec.CommandContext(e.ctx, "bash", "cli.sh") },
	"example.py": func(e exampleRun) *exec.Cmd { return exec.CommandContext(e.ctx, "python3", "example.py") },
	"main.go":    func(e exampleRun) *exec.Cmd { return exec.CommandContext(e.ctx, filepath.Join(e.built, e.folder)) },
	"example.ts": func(e exampleRun) *exec.Cmd {
		return exec.CommandContext(e.ctx, "node", filepath.Join("..", "dist", e.folder, "example.js"))
	},
}

// elsewhere are folders that have a test of their own.
var elsewhere = []string{"react-dashboard", "policies", "node_modules", "dist"}

// expectation is what an example does on a demo, in whichever language.
type expectation struct {
	// prints is what all of its output matches.
	prints []string
	// after says what is wrong on the demo afterwards. An example that has it changes something: its
	// languages have a demo of their own, and run one after the other.
	after func(*testing.T, *tracker.Tracker)
	// approved is that the demo wants plans to be approved.
	approved bool
	// runs are the settings of each run and how it ends; none is one run that ends with 0.
	runs []ending
	// posts is what it sends to SLACK_WEBHOOK_URL.
	posts string
	// mails is what the mail to MAIL_TO says, as a text and as a page.
	mails string
}

type ending struct {
	setting string
	code    int
}

const volume, instance = `vol-[0-9a-f]{8,}`, `i-[0-9a-f]{8,}`

var expectations = map[string]expectation{
	"basic-scan":        {prints: []string{`succeeded`, `EC2_Instance\D+\d+`}},
	"filter":            {prints: []string{volume, `eu-west-1`}},
	"cost-analysis":     {prints: []string{`EC2_Instance\D+3,?203\.6`, `(?i)team|data`}},
	"scheduled-scan":    {prints: []string{`20\d\d-\d\d-\d\d`, `succeeded`}},
	"live-progress":     {prints: []string{`\d+ `, `succeeded`}},
	"finding-to-slack":  {posts: `\$\d`},
	"diff-to-slack":     {prints: []string{`[1-9]\d* resources have changed in 7d`, `• (added|removed|changed): `}, posts: `\$-?\d`},
	"weekly-report":     {prints: []string{`mailed to manager@example\.com`}, mails: "EC2_Instance"},
	"ci-gate":           {prints: []string{`\d+\.\d\d`}, runs: []ending{{"MAX_WASTE=1000000", 0}, {"MAX_WASTE=10", 5}}},
	"stop-instance":     {prints: []string{instance, `verified`}, after: newestPlan("stop")},
	"bulk-cleanup":      {prints: []string{volume, `verified`}, after: newestPlan("delete")},
	"plan-approve-undo": {prints: []string{instance, `stop`, `start`, `succeeded`}, after: newestPlan("start"), approved: true},
}

// newestPlan wants the newest plan to have changed something by a verb.
func newestPlan(verb string) func(*testing.T, *tracker.Tracker) {
	return func(t *testing.T, c *tracker.Tracker) {
		t.Helper()
		plans := got(c.ListPlans(t.Context(), &tracker.ListPlansParams{Limit: 1}))(t).Plans
		if len(plans) != 1 || plans[0].State != "succeeded" {
			t.Fatalf("%+v", plans)
		}
		changed := 0
		for item, err := range c.PlanItems(t.Context(), plans[0].PlanID, "verified") {
			if err != nil || item.Action != verb {
				t.Errorf("%+v: %v", item, err)
			}
			changed++
		}
		if changed == 0 {
			t.Errorf("nothing was changed: %+v", plans[0])
		}
	}
}

// exampleRun is one file of one example.
type exampleRun struct {
	ctx          context.Context
	folder, file string
	built        string // the folder of the Go examples' programs
	demo         *demo
	want         expectation
}

// TestExamples runs every file of every example against a demo.
func TestExamples(t *testing.T) {
	t.Parallel()
	folders := exampleFolders(t)
	built := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", built, "../examples/...")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the examples: %v\n%s", err, out)
	}
	builtClient(t)
	install(t, examplesDir)
	npm(t, examplesDir, nil, "run", "build")

	readers := newDemo(t, "", exampleSettings...)
	withHistory(t, readers)
	for folder, files := range folders {
		e := exampleRun{folder: folder, built: built, demo: readers, want: expectations[folder]}
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			if e.want.after != nil {
				settings := exampleSettings
				if e.want.approved {
					settings = append(slices.Clone(settings), "ACTIONS_REQUIRE_APPROVAL=true")
				}
				e.demo = newDemo(t, `{"transition":"200ms"}`, settings...)
			}
			for _, file := range files {
				e.file = file
				t.Run(file, e.run)
			}
		})
	}
}

// withHistory has a demo scanned, and waits until its past and the scan are in its history.
func withHistory(t *testing.T, d *demo) {
	t.Helper()
	c := d.goClient(authorKey)
	job := got(c.StartScan(t.Context(), nil, tracker.ScanBody{}))(t)
	got(c.WaitJob(t.Context(), job.JobID, nil))(t)
	for {
		_, err := c.GetDiff(t.Context(), &tracker.GetDiffParams{To: job.JobID})
		if err == nil {
			return
		}
		if !errors.Is(err, tracker.ErrNotFound) {
			t.Fatal(err)
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the scan does not come into the history")
		case <-time.After(200 * time.Millisecond):
		}
	}
}

var exampleSettings = []string{
	"VALID_API_KEYS=" + authorKey + "," + approverKey, "ACTION_APPROVERS=" + nameOf(approverKey), "OPERATOR_API_KEYS=" + operatorKey,
}

// exampleFolders are the examples and their files, each of which has to be there and be known here.
func exampleFolders(t *testing.T) map[string][]string {
	t.Helper()
	folders := map[string][]string{}
	for _, d := range got(os.ReadDir(examplesDir))(t) {
		if !d.IsDir() || slices.Contains(elsewhere, d.Name()) {
			continue
		}
		if _, ok := expectations[d.Name()]; !ok {
			t.Errorf("nobody says here what the example %s does", d.Name())
		}
		for _, f := range got(os.ReadDir(filepath.Join(examplesDir, d.Name())))(t) {
			if languages[f.Name()] == nil {
				t.Errorf("nobody knows how to run %s of the example %s", f.Name(), d.Name())
			}
			folders[d.Name()] = append(folders[d.Name()], f.Name())
		}
	}
	for folder := range expectations {
		for file := range languages {
			if !slices.Contains(folders[folder], file) {
				t.Errorf("the example %s has no %s", folder, file)
			}
		}
	}
	if t.Failed() {
		t.FailNow()
	}
	return folders
}

func (e exampleRun) run(t *testing.T) {
	if e.want.after == nil {
		t.Parallel()
	}
	var cancel context.CancelFunc
	e.ctx, cancel = context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	runs := e.want.runs
	if runs == nil {
		runs = []ending{{}}
	}
	for _, run := range runs {
		begun := time.Now()
		posted := make(chan string, 1)
		slack := httptest.NewServer(slackHook(posted))
		defer slack.Close()
		post, letters := mailbox(t)
		cmd := languages[e.file](e)
		cmd.Dir = filepath.Join(examplesDir, e.folder)
		cmd.Env = append(os.Environ(), "TRACKER_URL="+e.demo.url(), "TRACKER_API_KEY="+authorKey, "TRACKER_APPROVER_KEY="+approverKey,
			"SLACK_WEBHOOK_URL="+slack.URL, "SMTP_URL="+post, "MAIL_FROM=tracker@example.com", "MAIL_TO=manager@example.com",
			"PYTHONPATH=../../clients/python", "PYTHONDONTWRITEBYTECODE=1", "PATH="+bin+":"+os.Getenv("PATH"), run.setting)
		out, err := cmd.CombinedOutput()
		if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok || run.code != 0 && (exit == nil || exit.ExitCode() != run.code) || run.code == 0 && err != nil {
			t.Fatalf("%s ended with %v, want %d:\n%s", run.setting, err, run.code, out)
		}
		for _, p := range e.want.prints {
			if !regexp.MustCompile(p).Match(out) {
				t.Errorf("printed no %s:\n%s", p, out)
			}
		}
		if e.want.posts != "" {
			select {
			case text := <-posted:
				if !regexp.MustCompile(e.want.posts).MatchString(text) {
					t.Errorf("posted %s", text)
				}
			default:
				t.Errorf("posted nothing:\n%s", out)
			}
		}
		if e.want.mails != "" {
			select {
			case l := <-letters:
				l.reads(t, e.want.mails)
			default:
				t.Errorf("mailed nothing:\n%s", out)
			}
		}
		t.Logf("%.1f s", time.Since(begun).Seconds())
	}
	if e.want.after != nil {
		e.want.after(t, e.demo.goClient(authorKey))
	}
}

// slackHook takes messages as Slack does: a text, in JSON.
func slackHook(posted chan<- string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var message struct{ Text string }
		err := json.NewDecoder(r.Body).Decode(&message)
		if err != nil || strings.TrimSpace(message.Text) == "" || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			http.Error(w, "invalid_payload", http.StatusBadRequest)
			return
		}
		posted <- message.Text
	}
}
