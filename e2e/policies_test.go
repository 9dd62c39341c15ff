package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// policyDemo is `api -demo`, and `tracker` that speaks to it.
type policyDemo struct {
	t   testing.TB
	url string
	dir string
}

// The keys of a policyDemo: the first makes plans, the second may approve them.
const (
	policyKey  = "policies-first-key-0123456789abcdef"
	policyBoss = "policies-second-key-0123456789abcde"
)

func newPolicyDemo(t testing.TB, options string) *policyDemo {
	t.Helper()
	d := newDemo(t, options, "VALID_API_KEYS="+policyKey, "OPERATOR_API_KEYS="+policyBoss)
	return &policyDemo{t, d.url(), t.TempDir()}
}

// tracker runs the program, and returns what it prints and what it ends with.
func (d *policyDemo) tracker(args ...string) (stdout, stderr string, code int) {
	d.t.Helper()
	cmd := exec.Command(filepath.Join(bin, "tracker"), args...)
	cmd.Dir = d.dir
	cmd.Env = []string{
		"HOME=" + d.dir, "PATH=" + os.Getenv("PATH"), "TRACKER_URL=" + d.url, "TRACKER_API_KEY=" + policyKey, "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "SLACK_URL=https://hooks.example.com/x", "CUSTODIAN_NOTIFY_URL=https://hooks.example.com/y",
	}
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		d.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// policyReport is as much of a report as the tests look at.
type policyReport struct {
	JobID    string `json:"job_id"`
	Policies []struct {
		Policy, State, Message, Above string
		Matched                       int
		Incomplete                    []string
		Resources                     []struct {
			ID  string `json:"resource_id"`
			Due string `json:"due"`
		}
		Plans []struct {
			Phase, State string
			PlanID       string         `json:"plan_id"`
			ByState      map[string]int `json:"by_state"`
		}
	}
}

// run carries a file of policies out.
func (d *policyDemo) run(code int, text string, args ...string) policyReport {
	d.t.Helper()
	file := filepath.Join(d.dir, "policies.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	out, errs, got := d.tracker(append([]string{"run", file, "-o", "json"}, args...)...)
	var r policyReport
	if err := json.Unmarshal([]byte(out), &r); err != nil || got != code {
		d.t.Fatalf("tracker run ends with %d, want %d: %v\n%s\n%s", got, code, err, out, errs)
	}
	return r
}

// ask asks the API by itself, without the program.
func (d *policyDemo) ask(method, path, key, body string, into any) {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("X-API-Key", key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode > 299 {
		d.t.Fatalf("%s %s: %s, %v", method, path, resp.Status, err)
	}
}

// plans counts the plans that the key has made.
func (d *policyDemo) plans() int {
	d.t.Helper()
	var a struct{ Plans []struct{} }
	d.ask(http.MethodGet, "/api/v1/plans?limit=100", policyKey, "", &a)
	return len(a.Plans)
}

// TestPolicies carries policies out on one simulated account, the one after the other.
func TestPolicies(t *testing.T) {
	t.Parallel()
	d := newPolicyDemo(t, `{"transition":"200ms"}`)
	volumes := "policies:\n- name: volumes\n  select: {filter: type:EBS_Volume state:available region:us-east-1}\n  plan: {verb: delete}\n"
	t.Run("a dry run changes nothing, and what it shows is applied once", func(t *testing.T) {
		d.t = t
		before := d.plans()
		dry := d.run(0, volumes)
		p := dry.Policies[0]
		if p.State != "planned" || p.Matched == 0 || len(p.Plans) != 1 || p.Plans[0].State != "planned" {
			t.Fatalf("dry: %+v", p)
		}
		applied := d.run(0, volumes, "--apply", "--job", dry.JobID)
		if a := applied.Policies[0]; a.State != "applied" || a.Plans[0].PlanID != p.Plans[0].PlanID || a.Plans[0].ByState["verified"] != p.Matched {
			t.Errorf("applied: %+v", a)
		}
		if again := d.run(0, volumes, "--apply", "--job", dry.JobID).Policies[0]; again.State != "applied" || again.Plans[0].PlanID != p.Plans[0].PlanID {
			t.Errorf("again: %+v", again)
		}
		if made := d.plans() - before; made != 1 {
			t.Errorf("%d plans were made, want 1", made)
		}
		if now := d.run(0, volumes).Policies[0]; now.State != "clean" || now.Matched != 0 {
			t.Errorf("a new scan: %+v", now)
		}
	})
	t.Run("above a limit nothing is planned", func(t *testing.T) {
		d.t = t
		before := d.plans()
		for _, limits := range []string{"max_items: 2", "max_percent: 1", "max_monthly_cost: 1"} {
			r := d.run(1, "policies:\n- name: stop\n  select: {filter: type:EC2_Instance state:running}\n  limits: {"+limits+"}\n  plan: {verb: stop}\n", "--apply")
			if p := r.Policies[0]; p.State != "refused" || len(p.Plans) != 0 || p.Message == "" {
				t.Errorf("%s: %+v", limits, p)
			}
		}
		if made := d.plans() - before; made != 0 {
			t.Errorf("%d plans were made", made)
		}
	})
	t.Run("somebody else approves", func(t *testing.T) {
		d.t = t
		file := "policies:\n- name: address\n  select: {filter: type:Elastic_IP state:unassociated}\n  plan: {verb: release, approval: true}\n"
		r := d.run(0, file, "--apply")
		p := r.Policies[0]
		if p.State != "waiting" || p.Plans[0].State != "planned" {
			t.Fatalf("%+v", p)
		}
		var plan struct {
			Plan struct{ Digest string }
		}
		d.ask(http.MethodGet, "/api/v1/plans/"+p.Plans[0].PlanID, policyBoss, "", &plan)
		d.ask(http.MethodPost, "/api/v1/plans/"+p.Plans[0].PlanID+"/approve", policyBoss, `{"digest":"`+plan.Plan.Digest+`"}`, &plan)
		if a := d.run(0, file, "--apply", "--job", r.JobID).Policies[0]; a.State != "applied" || a.Plans[0].PlanID != p.Plans[0].PlanID {
			t.Errorf("%+v", a)
		}
	})
	t.Run("grace", func(t *testing.T) { d.t = t; grace(d) })
	t.Run("a schedule is made once", func(t *testing.T) {
		d.t = t
		file := "policies:\n- name: night\n  select: {filter: type:EC2_Instance tag:Environment=dev}\n  schedule: {verb: stop, cron: 0 20 * * *}\n"
		var states []string
		for _, args := range [][]string{nil, {"--apply"}, {"--apply"}} {
			states = append(states, d.run(0, file, args...).Policies[0].Message)
		}
		want := []string{"schedule policy night would be made", "schedule policy night was made", "schedule policy night is as the policy says"}
		if !slices.Equal(states, want) {
			t.Errorf("%q, want %q", states, want)
		}
	})
	t.Run("bounds, SARIF and JUnit", func(t *testing.T) { d.t = t; forms(d) })
	t.Run("examples", func(t *testing.T) {
		d.t = t
		files, err := filepath.Glob("../examples/policies/*.yaml")
		if err != nil || len(files) < 4 {
			t.Fatal(files, err)
		}
		for _, file := range files {
			path, err := filepath.Abs(file)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]int{"ci.yaml": 5}[filepath.Base(file)] // a database of the demo is public
			if out, errs, code := d.tracker("run", path); code != want {
				t.Errorf("%s ends with %d, want %d:\n%s\n%s", file, code, want, out, errs)
			}
		}
	})
	t.Run("denied", func(t *testing.T) {
		d.t = t
		var made struct {
			Key string `json:"api_key"`
		}
		d.ask(http.MethodPost, "/api/v1/keys", policyBoss, `{"name":"looks only","grants":[{"role":"viewer"}]}`, &made)
		if out, errs, code := d.tracker("run", "policies.yaml", "--key", made.Key); code != 4 {
			t.Errorf("ends with %d: %s%s", code, out, errs)
		}
	})
	t.Run("a file that is wrong", func(t *testing.T) {
		d.t = t
		file := filepath.Join(d.dir, "wrong.yaml")
		if err := os.WriteFile(file, []byte("policies:\n- name: a\n  select: {filter: type:EC2_Instance}\n  plan: {verb: stopp}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"run", file}, {"policies", "check", file}} {
			if _, errs, code := d.tracker(args...); code != 2 || !strings.Contains(errs, "wrong.yaml:4:16: policies[0].plan.verb: no type that is selected has the verb stopp; did you mean stop?") {
				t.Errorf("%v ends with %d: %s", args, code, errs)
			}
		}
	})
}

// grace marks instances, waits for their day, and stops those that still match.
func grace(d *policyDemo) {
	t := d.t
	filter := "type:EC2_Instance state:running region:us-east-1 tag:Environment=test tag:aws:autoscaling:groupName!"
	file := "policies:\n- name: rest\n  select: {filter: '" + filter + "'}\n  plan: {verb: stop, grace: {days: 3, tag: due}}\n"
	marked := d.run(0, file, "--apply").Policies[0]
	if marked.Matched < 2 || len(marked.Plans) != 1 || marked.Plans[0].Phase != "mark" || marked.Plans[0].ByState["verified"] != marked.Matched {
		t.Fatalf("mark: %+v", marked)
	}
	if day := time.Now().UTC().AddDate(0, 0, 3).Format(time.DateOnly); marked.Resources[0].Due != day {
		t.Errorf("due %s, want %s", marked.Resources[0].Due, day)
	}
	if waits := d.run(0, file, "--apply").Policies[0]; waits.State != "waiting" || len(waits.Plans) != 0 || waits.Matched != marked.Matched {
		t.Errorf("nothing is marked twice: %+v", waits)
	}
	// One has its day, and another one does not match any more.
	first, second := marked.Resources[0].ID, marked.Resources[1].ID
	tags := "policies:\n- name: day-has-come\n  select: {filter: type:EC2_Instance id:" + first + "}\n  tag: {set: {due: stop@2026-01-01}}\n" +
		"- name: put-right\n  select: {filter: type:EC2_Instance id:" + second + "}\n  tag: {set: {Environment: prod}}\n"
	d.run(0, tags, "--apply")
	done := d.run(0, file, "--apply").Policies[0]
	phases := map[string]int{}
	for _, p := range done.Plans {
		phases[p.Phase] = p.ByState["verified"]
	}
	if len(done.Plans) != 2 || phases["unmark"] != 1 || phases["stop"] != 1 {
		t.Errorf("the day has come: %+v", done)
	}
	for _, want := range []string{"state:stopped tag:due id:" + first, "state:running tag:due! id:" + second} {
		if found := d.run(0, "policies:\n- name: look\n  select: {filter: 'type:EC2_Instance "+want+"'}\n  report: true\n"); found.Policies[0].Matched != 1 {
			t.Errorf("%s: %+v", want, found)
		}
	}
}

// forms looks at the results for CI.
func forms(d *policyDemo) {
	t := d.t
	r := d.run(5, "policies:\n- name: buckets\n  select: {types: [S3_Bucket]}\n  fail_above: 3\n  report: true\n- name: none\n  select: {filter: type:S3_Bucket name:none}\n  fail_above: 0\n  report: true\n",
		"--sarif", "out.sarif", "--junit", "out.xml")
	if r.Policies[0].Above == "" || r.Policies[1].State != "clean" {
		t.Errorf("%+v", r)
	}
	var sarif struct {
		Version string
		Runs    []struct {
			Results []struct {
				RuleID, Level string
				Locations     []struct {
					PhysicalLocation struct{ Region struct{ StartLine int } }
				}
			}
		}
	}
	text, err := os.ReadFile(filepath.Join(d.dir, "out.sarif"))
	if err == nil {
		err = json.Unmarshal(text, &sarif)
	}
	if err != nil || sarif.Version != "2.1.0" || len(sarif.Runs) != 1 || len(sarif.Runs[0].Results) != r.Policies[0].Matched {
		t.Fatalf("SARIF: %v\n%s", err, text)
	}
	if one := sarif.Runs[0].Results[0]; one.RuleID != "buckets" || one.Level != "error" || one.Locations[0].PhysicalLocation.Region.StartLine != 2 {
		t.Errorf("SARIF: %+v", one)
	}
	text, err = os.ReadFile(filepath.Join(d.dir, "out.xml"))
	if err != nil || !strings.Contains(string(text), `tests="2" failures="1" errors="0"`) {
		t.Errorf("JUnit: %v\n%s", err, text)
	}
}

// TestPolicies_Incomplete: where part of a policy's world could not be read the policy is incomplete, and never clean. A
// policy of other types is not touched by it.
func TestPolicies_Incomplete(t *testing.T) {
	t.Parallel()
	d := newPolicyDemo(t, `{"faults":[{"kind":"denied","service":"ec2","operation":"DescribeVolumes","region":"eu-west-1"}]}`)
	file := "policies:\n- name: nothing\n  select: {filter: type:EBS_Volume name:nobody}\n  report: true\n- name: others\n  select: {filter: type:S3_Bucket name:nobody}\n  report: true\n"
	r := d.run(3, file)
	if p := r.Policies[0]; p.State != "incomplete" || len(p.Incomplete) != 1 || !strings.Contains(p.Incomplete[0], "EBS_Volume ended as denied") {
		t.Errorf("%+v", p)
	}
	if p := r.Policies[1]; p.State != "clean" {
		t.Errorf("%+v", p)
	}
	// A scan of less than the policies need leaves them incomplete.
	narrow := d.run(0, "policies:\n- name: a\n  select: {filter: type:S3_Bucket, regions: [us-east-1]}\n  report: true\n")
	r = d.run(3, file, "--job", narrow.JobID)
	for _, p := range r.Policies {
		if p.State != "incomplete" {
			t.Errorf("of a narrower scan: %+v", p)
		}
	}
}
