package policies_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/policies"
)

const (
	running = "select: {filter: type:EC2_Instance state:running}"
	stop    = "plan: {verb: stop}"
	today   = "2026-11-27"
)

func at(day string) func() time.Time {
	return func() time.Time {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			panic(err)
		}
		return t.Add(12 * time.Hour)
	}
}

// TestRun_Incomplete: what was not seen makes a policy incomplete, whatever it selects.
func TestRun_Incomplete(t *testing.T) {
	for _, tc := range []struct {
		name, policy, want string
		prepare            func(*server)
	}{
		{"all was seen", "select: {filter: type:EC2_Instance}", "", func(s *server) { s.seen("empty", "EC2_Instance") }},
		{"a type that was not scanned", "select: {filter: type:EBS_Volume}", "the scan did not look at EBS_Volume", func(s *server) { s.seen("ok", "EC2_Instance") }},
		{"a throttled cell", "select: {filter: type:EC2_Instance}", "EC2_Instance ended as throttled in one region of one account", func(s *server) { s.seen("throttled", "EC2_Instance") }},
		{"another type's cell", "select: {filter: type:EC2_Instance}", "", func(s *server) { s.seen("ok", "EC2_Instance"); s.seen("denied", "EBS_Volume") }},
		{"discovery", "select: {filter: type:EC2_Instance}", "Account ended as denied in one region of one account", func(s *server) { s.seen("ok", "EC2_Instance"); s.seen("denied", "Account") }},
		{"another region", "select: {filter: type:EC2_Instance, regions: [us-east-1]}", "the scan did not look at region us-east-1", func(s *server) { s.seen("ok", "EC2_Instance") }},
		{"a scan of some regions", "select: {filter: type:S3_Bucket}", "the scan looked at some regions only", func(s *server) { s.seen("ok", "S3_Bucket"); s.request.Regions = []string{"eu-west-1"} }},
		{"a scan without some regions", "select: {filter: type:S3_Bucket, regions: [us-east-1]}", "the scan did not look at region us-east-1", func(s *server) { s.seen("ok", "S3_Bucket"); s.request.ExcludeRegions = []string{"us-east-1"} }},
		{"another account", "select: {filter: type:EC2_Instance, accounts: ['222222222222']}", "the scan did not look at account 222222222222", func(s *server) { s.seen("ok", "EC2_Instance") }},
		{"a scan with a filter", "select: {filter: type:EC2_Instance}", "the scan kept only resources that its own filter selects", func(s *server) { s.seen("ok", "EC2_Instance"); s.request.Filter = map[string]any{"state": "x"} }},
		{"a scan with tags", "select: {filter: type:EC2_Instance}", "the scan kept only resources that its own filter selects", func(s *server) { s.seen("ok", "EC2_Instance"); s.request.Tags = map[string]string{"a": "b"} }},
		{"a detail", "select: {filter: type:S3_Bucket, details: [bucket_lifecycle]}", "the scan did not read the detail bucket_lifecycle", func(s *server) { s.seen("ok", "S3_Bucket") }},
		{"no findings", "select: {rule: idle_instance}", "rule idle_instance was not evaluated: no findings were asked for", func(s *server) {
			s.seen("ok", "EC2_Instance")
			s.findings.Summary = client.FindingsSummary{Status: "not_evaluated", Reason: "no findings were asked for"}
		}},
		{"no metrics", "select: {rule: idle_instance}", "rule idle_instance was not evaluated: no metrics", func(s *server) {
			s.seen("ok", "EC2_Instance")
			s.findings.Summary = client.FindingsSummary{Status: "evaluated", ByRule: []client.RuleReport{{Rule: "idle_instance", Status: "not_evaluated", Reason: "no metrics"}}}
		}},
		{"a rule that the server does not know", "select: {rule: idle_instance}", "the server knows no rule idle_instance", func(s *server) {
			s.seen("ok", "EC2_Instance")
			s.findings.Summary = client.FindingsSummary{Status: "evaluated"}
		}},
	} {
		s, c := newServer(t)
		tc.prepare(s)
		r := carryOut(t, c, policyOf(tc.policy, "report: true"), policies.Options{JobID: "j"})
		state, code := policies.StateClean, 0
		if tc.want != "" {
			state, code = policies.StateIncomplete, 3
		}
		if p := r.Policies[0]; p.State != state || strings.Join(p.Incomplete, "; ") != tc.want || r.Code() != code {
			t.Errorf("%s: %s, %q, want %q", tc.name, p.State, p.Incomplete, tc.want)
		}
	}
}

// TestRun_OnePlan: the same wish over the same scan is one plan. Another wish is another one, and so is one whose plan has
// expired.
func TestRun_OnePlan(t *testing.T) {
	s, c := newServer(t)
	s.seen("ok", "EC2_Instance")
	s.instance("i-1", "running")
	s.state = "expired"
	plan := func(text string, apply bool) string {
		p := carryOut(t, c, text, policies.Options{JobID: "j", Apply: apply}).Policies[0]
		return p.Plans[0].PlanID + " " + string(p.State)
	}
	got := []string{plan(policyOf(running, stop), false), plan(policyOf(running, stop), true), plan(policyOf(running, stop), true), plan(policyOf(running, "plan: {verb: terminate}"), true)}
	if want := []string{"p2 planned", "p2 applied", "p2 applied", "p3 applied"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestRun_Needs: a scan asks for what the policies look at, and metrics where a rule reads them.
func TestRun_Needs(t *testing.T) {
	for _, tc := range []struct {
		name, policy, types, regions string
		findings, metrics            bool
	}{
		{"a filter", policyOf(running, "report: true"), "EC2_Instance", "", false, false},
		{"regions", policyOf("select: {types: [EC2_Instance, S3_Bucket], regions: [eu-west-1, global]}", "report: true"), "EC2_Instance S3_Bucket", "eu-west-1", false, false},
		{"a rule", policyOf("select: {rule: unattached_volume, regions: [eu-west-1]}", "report: true"), "EBS_Volume", "", true, false},
		{"a rule with metrics", policyOf("select: {rule: idle_instance}", "report: true"), "EC2_Instance", "", true, true},
		{"no type in the filter", policyOf("select: {filter: tag:a!}", "report: true"), "CloudWatch_LogGroup EBS_Volume EC2_Instance IAM_User S3_Bucket", "", false, false},
	} {
		s, c := newServer(t)
		s.findings.Summary.Status = "evaluated"
		carryOut(t, c, tc.policy, policies.Options{})
		b := s.started[0]
		if strings.Join(b.Types, " ") != tc.types || strings.Join(b.Regions, " ") != tc.regions || *b.Findings != tc.findings || *b.Metrics != tc.metrics {
			t.Errorf("%s: %q in %q, findings %v, metrics %v", tc.name, b.Types, b.Regions, *b.Findings, *b.Metrics)
		}
	}
}

// TestRun_Grace: what has no mark is marked, what has its day is dealt with, and what does not match any more loses the mark.
// Custodian's marks are read as well. Others' tags are no marks.
func TestRun_Grace(t *testing.T) {
	s, c := newServer(t)
	s.seen("ok", "EC2_Instance")
	s.instance("fresh", "running")
	s.instance("waits", "running", "due=stop@2026-11-28")
	s.instance("due", "running", "due=stop@2026-11-27")
	s.instance("custodians", "running", "due=Resource does not meet policy: stop@2026/11/01")
	s.instance("another-verb", "running", "due=terminate@2026-11-01")
	s.instance("words", "running", "due=soon")
	s.instance("lapsed", "stopped", "due=stop@2026-11-01")
	s.instance("others", "stopped", "due=soon")
	file := policyOf(running, "plan: {verb: stop, grace: {days: 4, tag: due}}")
	p := carryOut(t, c, file, policies.Options{JobID: "j", Apply: true, Now: at(today)}).Policies[0]
	var got []string
	for i, b := range s.asked {
		var ids []string
		for _, a := range b.Actions {
			ids = append(ids, a.ResourceID)
		}
		params, err := json.Marshal(b.Actions[0].Params)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, p.Plans[i].Phase+" "+b.Actions[0].Action+" "+strings.Join(ids, ",")+" "+string(params))
	}
	want := []string{
		`unmark untag lapsed {"keys":["due"]}`,
		`mark tag fresh,another-verb,words {"tags":{"due":"stop@2026-12-01"}}`,
		`stop stop due,custodians null`,
	}
	if !slices.Equal(got, want) || p.State != policies.StateApplied || p.Message != "3 marked now, 1 wait for their day, 2 due, 1 match no longer" {
		t.Errorf("%s %q\n%q\nwant\n%q", p.State, p.Message, got, want)
	}

	// Of what could not be seen nobody knows whether it still matches.
	s.asked, s.plans, s.keys = nil, map[string]*client.PlanAnswer{}, map[string]string{}
	s.seen("denied", "EC2_Instance")
	p = carryOut(t, c, file, policies.Options{JobID: "j", Apply: true, Now: at(today)}).Policies[0]
	if len(s.asked) != 2 || p.Plans[0].Phase != "mark" || p.State != policies.StateIncomplete {
		t.Errorf("incomplete: %+v", p)
	}
}

// TestRun_Credentials: they are asked for before each request that carries them.
func TestRun_Credentials(t *testing.T) {
	s, c := newServer(t)
	s.seen("ok", "EC2_Instance")
	s.instance("i-1", "running")
	asked := 0
	carryOut(t, c, policyOf(running, stop), policies.Options{Apply: true, Credentials: func(context.Context) (policies.Credentials, error) {
		asked++
		return policies.Credentials{Account: "prod"}, nil
	}})
	if asked != 3 || s.started[0].Account != "prod" || s.asked[0].Account != "prod" {
		t.Errorf("asked %d times, %+v", asked, s.asked)
	}
}

// TestRun_Stale: what matched long ago is not dealt with; a dry run shows it.
func TestRun_Stale(t *testing.T) {
	s, c := newServer(t)
	s.seen("ok", "EC2_Instance")
	s.instance("i-1", "running")
	ended := at("2026-11-25")()
	s.finished = &ended
	f, err := policies.Read("f.yaml", []byte(policyOf(running, stop)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := policies.Run(t.Context(), c, f, policies.Options{JobID: "j", Apply: true, Now: at(today)}); err == nil || !strings.Contains(err.Error(), "scan j is older than 24 hours") || len(s.asked) != 0 {
		t.Errorf("%v, %+v", err, s.asked)
	}
	if r := carryOut(t, c, policyOf(running, stop), policies.Options{JobID: "j", Now: at(today)}); r.Policies[0].State != policies.StatePlanned {
		t.Errorf("%+v", r.Policies[0])
	}
}

// TestRun_Tag: what is tagged as the policy says is left alone.
func TestRun_Tag(t *testing.T) {
	s, c := newServer(t)
	s.seen("ok", "EC2_Instance")
	s.instance("right", "running", "team=web")
	s.instance("none", "running")
	s.instance("other", "running", "team=shop")
	s.instance("more", "running", "team=web", "temp=x")
	file := policyOf(running, "tag: {set: {team: web}, remove: [temp]}")
	carryOut(t, c, file, policies.Options{JobID: "j", Apply: true})
	var ids []string
	for _, a := range s.asked[0].Actions {
		ids = append(ids, a.ResourceID)
	}
	if !slices.Equal(ids, []string{"none", "other", "more"}) {
		t.Errorf("%q", ids)
	}
	s.resources = s.resources[:1]
	if p := carryOut(t, c, file, policies.Options{JobID: "j", Apply: true}).Policies[0]; p.State != policies.StateApplied || len(p.Plans) != 0 {
		t.Errorf("%+v", p)
	}
}

// TestRun_Notify: a receiver is told once a run, in its form, and only where the run applies.
func TestRun_Notify(t *testing.T) {
	var told []string
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		told = append(told, string(b))
		if strings.HasSuffix(r.URL.Path, "/refuses") {
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	t.Cleanup(receiver.Close)
	for _, tc := range []struct {
		name, form, address string
		apply               bool
		state               policies.State
		want                string
	}{
		{"a dry run", "json", receiver.URL, false, policies.StatePlanned, ""},
		{"json", "json", receiver.URL, true, policies.StateApplied, `"policy":"a"`},
		{"slack", "slack", receiver.URL, true, policies.StateApplied, `{"text":"Policy a: 1 resources match, $0.00 a month and 1 without a price\n• EC2_Instance \u0026lt;!channel\u0026gt; in eu-west-1 (running)"}`},
		{"teams", "teams", receiver.URL, true, policies.StateApplied, `"contentType":"application/vnd.microsoft.card.adaptive"`},
		{"refused", "json", receiver.URL + "/refuses", true, policies.StateFailed, `"policy":"a"`},
		{"no address", "json", "", true, policies.StateFailed, ""},
		{"plain http", "json", "http://example.com/x", true, policies.StateFailed, ""},
	} {
		told = nil
		s, c := newServer(t)
		s.seen("ok", "EC2_Instance")
		s.instance("<!channel>", "running")
		r := carryOut(t, c, policyOf(running, "notify: {form: "+tc.form+", url_env: HOOK}"), policies.Options{
			JobID: "j", Apply: tc.apply, Getenv: func(string) string { return tc.address },
		})
		if p := r.Policies[0]; p.State != tc.state || !strings.Contains(strings.Join(told, ""), tc.want) || tc.want == "" && told != nil || strings.Contains(p.Message, "/refuses") {
			t.Errorf("%s: %s %s, %q", tc.name, p.State, p.Message, told)
		}
	}
}
