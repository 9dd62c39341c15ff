package policies_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/policies"
)

// server answers what the tests put into it. A plan is planned at once, and succeeds when it is applied.
type server struct {
	t         *testing.T
	request   client.ScanRequest
	cells     []client.CellReport
	resources []client.Resource
	findings  client.FindingsAnswer
	finished  *time.Time // when the scan ended

	mu      sync.Mutex
	plans   map[string]*client.PlanAnswer // by ID
	keys    map[string]string             // the plan of an idempotency key
	asked   []client.PlanBody
	started []client.ScanBody
	state   string // of plans that are made; planned where it is empty
}

// row is a resource as filters look at it.
type row struct{ client.Resource }

func (r row) Text(f filter.Field) (string, bool) {
	switch f {
	case filter.FieldType:
		return r.ResourceType, true
	case filter.FieldRegion:
		return r.Region, true
	case filter.FieldID:
		return r.ResourceID, true
	case filter.FieldState:
		return r.State, true
	default:
		return "", false
	}
}

func (r row) Tag(key string) (string, bool)         { v, ok := r.Tags[key]; return v, ok }
func (r row) Meta(member string) any                { return r.Metadata[member] }
func (r row) CreatedAt() (at time.Time, known bool) { return at, false }
func (r row) MonthlyNanos() (int64, bool)           { return 0, false }

func newServer(t *testing.T) (*server, *client.Tracker) {
	t.Helper()
	s := &server{t: t, plans: map[string]*client.PlanAnswer{}, keys: map[string]string{}}
	mux := http.NewServeMux()
	answer := func(pattern string, f func(*http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			s.mu.Lock()
			defer s.mu.Unlock()
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(f(r)); err != nil {
				t.Error(err)
			}
		})
	}
	answer("GET /api/v1/types", func(*http.Request) any { return client.TypesAnswer{Types: catalogue.Types} })
	answer("GET /api/v1/actions", func(*http.Request) any { return client.ActionsAnswer{Actions: catalogue.Actions} })
	answer("POST /api/v1/scan", func(r *http.Request) any {
		var b client.ScanBody
		s.read(r, &b)
		s.started = append(s.started, b)
		return client.Accepted{JobID: "j"}
	})
	answer("GET /api/v1/jobs/j", func(*http.Request) any {
		return client.JobAnswer{JobID: "j", Kind: "scan", State: "succeeded", Request: s.request, FinishedAt: s.finished}
	})
	answer("GET /api/v1/jobs/j/coverage", func(*http.Request) any { return client.CoverageAnswer{Cells: s.cells} })
	answer("GET /api/v1/jobs/j/findings", func(*http.Request) any { return s.findings })
	answer("GET /api/v1/jobs/j/resources", func(r *http.Request) any {
		f, err := filter.Parse(r.URL.Query().Get("filter"))
		if err != nil {
			t.Error(err)
		}
		var a client.ResourcesAnswer
		for _, one := range s.resources {
			if f.Match(row{one}) {
				a.Resources = append(a.Resources, one)
			}
		}
		return a
	})
	answer("POST /api/v1/plans", func(r *http.Request) any {
		var b client.PlanBody
		s.read(r, &b)
		key := r.Header.Get("Idempotency-Key")
		if s.keys[key] == "" {
			id := fmt.Sprintf("p%d", len(s.plans)+1)
			a := &client.PlanAnswer{}
			a.Plan.PlanID, a.Plan.State, a.Plan.Digest = id, "planned", "d"
			a.Plan.Totals = client.PlanTotals{Items: len(b.Actions), ByState: map[string]int{"planned": len(b.Actions)}}
			if s.state != "" {
				a.Plan.State, s.state = s.state, ""
			}
			s.plans[id], s.keys[key] = a, id
			s.asked = append(s.asked, b)
		}
		return s.plans[s.keys[key]]
	})
	answer("GET /api/v1/plans/{id}", func(r *http.Request) any {
		a := *s.plans[r.PathValue("id")]
		return a
	})
	answer("POST /api/v1/plans/{id}/apply", func(r *http.Request) any {
		a := s.plans[r.PathValue("id")]
		a.Plan.State, a.Plan.Totals.ByState = "succeeded", map[string]int{"verified": a.Plan.Totals.Items}
		return a
	})
	h := httptest.NewServer(mux)
	t.Cleanup(h.Close)
	c, err := client.New(h.URL, "key")
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func (s *server) read(r *http.Request, into any) {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		s.t.Error(err)
	}
}

// seen makes the scan look at types in a region.
func (s *server) seen(outcome string, types ...string) {
	for _, one := range types {
		s.cells = append(s.cells, client.CellReport{AccountID: "1", Region: "eu-west-1", ResourceType: one, Outcome: outcome})
	}
}

// instance adds a resource; tags are key=value.
func (s *server) instance(id, state string, tags ...string) {
	r := client.Resource{ResourceID: id, ResourceType: "EC2_Instance", AccountID: "1", Region: "eu-west-1", State: state, Tags: map[string]string{}}
	for _, tag := range tags {
		key, value, _ := strings.Cut(tag, "=")
		r.Tags[key] = value
	}
	s.resources = append(s.resources, r)
}

// carryOut runs a file of one policy over the scan of the server.
func carryOut(t *testing.T, c *client.Tracker, text string, o policies.Options) *policies.Report {
	t.Helper()
	f, err := policies.Read("f.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := policies.Run(t.Context(), c, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
