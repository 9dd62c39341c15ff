package parts

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/sealing"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// wrong is one way to give a verb what it does not take.
type wrong struct {
	name   string
	params tracker.Metadata
	lift   []string
	field  string
	says   string
}

// right are parameters that a verb takes.
func right(a tracker.ActionInfo) tracker.Metadata {
	m := tracker.Metadata{}
	for _, p := range a.Params {
		if p.Required {
			m[p.Name] = rightOne(p)
		}
	}
	return m
}

func rightOne(p tracker.Param) any {
	switch p.Kind {
	case tracker.ParamInteger:
		if len(p.Enum) > 0 {
			n, _ := strconv.Atoi(p.Enum[0])
			return n
		}
		return p.Min
	case tracker.ParamBoolean:
		return true
	case tracker.ParamStrings:
		return []any{"team"}
	case tracker.ParamMap:
		return map[string]any{"team": "web"}
	}
	if len(p.Enum) > 0 {
		return p.Enum[0]
	}
	return "x"
}

// wrongs are all the ways to give a verb what it does not take.
func wrongs(a tracker.ActionInfo) []wrong {
	with := func(name string, v any) tracker.Metadata {
		m := right(a)
		m[name] = v
		return m
	}
	all := []wrong{
		{"unknown", with("no_such", 3), nil, "params.no_such", "is no parameter; allowed: "},
		{"lift of no rule", right(a), []string{"no_such"}, "lift", `"no_such" is no rule that can be lifted; allowed: `},
	}
	for _, p := range a.Params {
		at := "params." + p.Name
		kind := map[string]string{
			tracker.ParamString: "has to be a string", tracker.ParamInteger: "has to be an integer", tracker.ParamBoolean: "has to be true or false",
			tracker.ParamStrings: "has to be a list of strings", tracker.ParamMap: "has to be an object of strings",
		}[p.Kind]
		if p.Required {
			without := right(a)
			delete(without, p.Name)
			all = append(all, wrong{"missing", without, nil, at, "is required"})
		}
		all = append(all, wrong{"null", with(p.Name, nil), nil, at, kind}, wrong{"wrong type", with(p.Name, []any{7}), nil, at, kind})
		switch {
		case p.Kind == tracker.ParamInteger:
			all = append(all, wrong{"string for a number", with(p.Name, "3"), nil, at, kind}, wrong{"half a number", with(p.Name, 3.5), nil, at, kind})
			if len(p.Enum) > 0 {
				all = append(all, wrong{"below the range", with(p.Name, -1), nil, at, "-1 is not allowed"}, wrong{"above the range", with(p.Name, 100_000), nil, at, "100000 is not allowed"})
				continue
			}
			all = append(all, wrong{"below the range", with(p.Name, p.Min-1), nil, at, "has to be from"}, wrong{"above the range", with(p.Name, p.Max+1), nil, at, "has to be from"})
		case p.Kind == tracker.ParamBoolean:
			all = append(all, wrong{"string for a boolean", with(p.Name, "true"), nil, at, kind}, wrong{"number for a boolean", with(p.Name, 1), nil, at, kind})
		case len(p.Enum) > 0:
			all = append(all, wrong{"none of the list", with(p.Name, "no such"), nil, at, "no such is not allowed"})
		case p.Kind == tracker.ParamString:
			all = append(all, wrong{"number for a string", with(p.Name, 3), nil, at, kind}, wrong{"empty", with(p.Name, ""), nil, at, kind})
		case p.Kind == tracker.ParamStrings && p.Tags:
			all = append(all, wrong{"out of range", with(p.Name, []any{strings.Repeat("k", 129)}), nil, at, "key "})
		case p.Kind == tracker.ParamMap && p.Tags:
			all = append(all, wrong{"out of range", with(p.Name, map[string]any{"k": strings.Repeat("v", 257)}), nil, at, "the value of"})
		}
	}
	return all
}

// found is a store with a finished scan about which one thing was found.
type found struct {
	*store.Store
	fix tracker.ActionItem
}

func (f *found) Job(context.Context, string, string) (tracker.Job, error) {
	j := tracker.Job{ID: "job-1", State: tracker.JobSucceeded}
	j.Request.Findings = true
	return j, nil
}

func (f *found) Findings(context.Context, string) (tracker.FindingsReport, error) {
	return tracker.FindingsReport{Status: tracker.Evaluated, Findings: 1, Counted: 1, ByRule: []tracker.RuleReport{{Rule: "r", Status: tracker.Evaluated}}}, nil
}

func (f *found) EachFinding(_ context.Context, _, _ string, row func(string, []byte) error) error {
	b, err := json.Marshal(tracker.Finding{ID: "f", Rule: "r", Counted: true, ResourceID: f.fix.ResourceID, Type: f.fix.Type, Fix: &f.fix})
	if err != nil {
		return err
	}
	return row("", b)
}

// choosing is one way to choose the items of a plan: a request to the API and, as
// from an API that checked nothing, one to the engine.
type choosing struct {
	name, path, at string
	body           func(a tracker.ActionInfo, params tracker.Metadata, lift []string) map[string]any
	request        func(a tracker.ActionInfo, params tracker.Metadata, lift []string) tracker.PlanRequest
}

func itemOf(a tracker.ActionInfo, params tracker.Metadata, lift []string) tracker.ActionItem {
	return tracker.ActionItem{ResourceID: "x", Type: a.Type, Region: "eu-west-1", Verb: a.Verb, Params: params, Lift: lift}
}

func selecting(job string) func(tracker.ActionInfo, tracker.Metadata, []string) map[string]any {
	return func(a tracker.ActionInfo, params tracker.Metadata, lift []string) map[string]any {
		s := map[string]any{"filter": "type:" + string(a.Type), "action": a.Verb, "params": params, "lift": lift}
		if job != "" {
			s["job_id"] = job
		}
		return map[string]any{"select": s}
	}
}

func selection(job string) func(tracker.ActionInfo, tracker.Metadata, []string) tracker.PlanRequest {
	return func(a tracker.ActionInfo, params tracker.Metadata, lift []string) tracker.PlanRequest {
		f, _ := filter.Parse("type:" + string(a.Type))
		return tracker.PlanRequest{Select: &tracker.PlanSelection{JobID: job, Filter: f, Verb: a.Verb, Params: params, Lift: lift}}
	}
}

func named(a tracker.ActionInfo, params tracker.Metadata, lift []string) tracker.PlanRequest {
	return tracker.PlanRequest{Items: []tracker.ActionItem{itemOf(a, params, lift)}}
}

var ways = []choosing{
	{"list", "/plans", "actions[0].", func(a tracker.ActionInfo, params tracker.Metadata, lift []string) map[string]any {
		return map[string]any{"actions": []any{itemOf(a, params, lift)}}
	}, named},
	{"filter over a job", "/plans", "select.", selecting("job-1"), selection("job-1")},
	{"live filter", "/resources/bulk-action", "select.", selecting(""), selection("")},
	{"findings", "/jobs/job-1/findings/r/plan", "actions[0].", func(tracker.ActionInfo, tracker.Metadata, []string) map[string]any {
		return map[string]any{}
	}, named},
	{"schedule", "/schedules", "plan.select.", func(a tracker.ActionInfo, params tracker.Metadata, lift []string) map[string]any {
		return map[string]any{"name": "n", "every_seconds": 3600, "plan": selecting("")(a, params, lift)}
	}, selection("")},
}

// TestParams gives every verb of the catalogue everything that it does not take, in
// every way that items are chosen: the refusal is the same, and nothing is planned.
func TestParams(t *testing.T) {
	rdb := redistest.Start(t).Client(t)
	s := &found{Store: store.New(rdb, store.Options{})}
	recipient, _, err := sealing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := sealing.NewSealer(recipient)
	if err != nil {
		t.Fatal(err)
	}
	client := jobs.NewClient(jobs.ClientOptions{
		Store: s.Store, Queue: asynq.NewClientFromRedisClient(rdb), Actions: actions.Catalog(), Rules: plans.Rules{AnyScheduledVerb: true},
	})
	server, err := api.New(api.Options{
		Jobs: client, Results: s, Plans: store.Plans{Store: s.Store}, Audit: store.Audit{Store: s.Store}, Accounts: store.Accounts{Store: s.Store}, Sealer: sealer,
		Types: Types(), APIKeys: []string{"a-key-for-the-test"}, Actions: actions.Catalog(), ServerCredentials: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	call := func(way choosing, a tracker.ActionInfo, params tracker.Metadata, lift []string) (code int, faults map[string]string) {
		s.fix = itemOf(a, params, lift)
		body := way.body(a, params, lift)
		if way.name != "schedule" {
			maps.Copy(body, map[string]any{"access_key_id": "AKIAEXAMPLE", "secret_access_key": "secret"})
		}
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/v1"+way.path, bytes.NewReader(b))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-API-Key", "a-key-for-the-test")
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		var answer struct {
			Errors []struct{ Location, Message string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatal(err, w.Body)
		}
		faults = map[string]string{}
		for _, e := range answer.Errors {
			faults[e.Location] = e.Message
		}
		return w.Code, faults
	}
	tried := 0
	for _, a := range actions.Catalog() {
		for _, c := range wrongs(a) {
			said := ""
			for _, way := range ways {
				tried++
				code, faults := call(way, a, c.params, c.lift)
				got := faults["body."+way.at+c.field]
				if code != http.StatusUnprocessableEntity || !strings.HasPrefix(got, c.says) || !strings.HasSuffix(got, "("+a.Verb+" of "+string(a.Type)+")") {
					t.Errorf("%s of %s, %s, by %s: %d %v, want %s%s: %s", a.Verb, a.Type, c.name, way.name, code, faults, way.at, c.field, c.says)
				}
				if said != "" && got != said {
					t.Errorf("%s of %s, %s, by %s: %q, and otherwise %q", a.Verb, a.Type, c.name, way.name, got, said)
				}
				said = got
				r := way.request(a, c.params, c.lift)
				err := func() error {
					if way.name == "schedule" {
						_, err := client.PutSchedule(t.Context(), tracker.Schedule{Owner: "o", Name: "n", EverySeconds: 3600, Plan: &r}, nil)
						return err
					}
					_, _, err := client.AddPlan(t.Context(), tracker.PlanSubmission{Owner: "o", Request: r})
					return err
				}()
				if want := way.at + c.field + ": " + said; err == nil || err.Error() != want {
					t.Errorf("the engine, %s of %s, %s, by %s: %v, want %s", a.Verb, a.Type, c.name, way.name, err, want)
				}
			}
		}
	}
	keys, err := rdb.Keys(t.Context(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	// The audit tells of what was refused.
	if left := slices.DeleteFunc(keys, func(k string) bool { return !strings.HasPrefix(k, "rt:") || strings.HasSuffix(k, ":audit") }); len(left) > 0 {
		t.Errorf("something was written: %v", left)
	}
	t.Logf("%d requests", tried)
	// What is right is let through.
	for _, a := range actions.Catalog() {
		for _, way := range ways {
			if way.name == "filter over a job" {
				continue // the store has none
			}
			if code, faults := call(way, a, right(a), nil); code >= 300 {
				t.Errorf("%s of %s by %s: %d %v", a.Verb, a.Type, way.name, code, faults)
			}
		}
	}
}

// A selection that may hold several types has to be right for each of them.
func TestParams_OfSeveralTypes(t *testing.T) {
	for _, row := range []struct {
		filter, verb string
		params       tracker.Metadata
		want         string
	}{
		{"tag:env=dev", "scale", tracker.Metadata{"desired_count": 0}, "select.params.desired_count: is no parameter; allowed: desired_capacity, min_size, max_size (scale of AutoScaling_Group)"},
		{"type!=AutoScaling_Group", "scale", tracker.Metadata{"desired_count": 0}, ""},
		{"not (type:AutoScaling_Group or region:eu-west-1)", "scale", tracker.Metadata{"desired_count": 0}, ""},
		{"type:EBS_Volume", "delete", tracker.Metadata{"skip_snapshot": true}, ""},
		{"type:EBS_Volume or tag:x=y", "delete", tracker.Metadata{"skip_snapshot": true}, "select.params.skip_snapshot: is no parameter; allowed: keep_snapshots (delete of AMI)"},
		{"state:running", "stop", tracker.Metadata{"force": true}, "select.params.force: is no parameter; allowed: none (stop of EC2_Instance, stop of RDS_Cluster, stop of RDS_Instance, pause of Redshift_Cluster)"},
		{"state:running", "tag", nil, "select.params.tags: is required: Keys and values (tag of ACM_Certificate, tag of AMI, tag of API_Gateway_HTTP, tag of API_Gateway_REST, tag of AutoScaling_Group and "},
	} {
		f, err := filter.Parse(row.filter)
		if err != nil {
			t.Fatal(err)
		}
		err = tracker.PlanRequest{Select: &tracker.PlanSelection{Filter: f, Verb: row.verb, Params: row.params}}.Check(actions.Catalog())
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.HasPrefix(err.Error(), row.want)) {
			t.Errorf("%s of %s: %v, want %q", row.verb, row.filter, err, row.want)
		}
	}
}
