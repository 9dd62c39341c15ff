package telemetry_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// dashboard is what the tests read of a dashboard of Grafana.
type dashboard struct {
	UID, Title, Description string
	SchemaVersion           int
	Templating              struct {
		List []struct{ Name, Type, Query string }
	}
	Panels []panel
}

type panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  grid
	Datasource               struct{ Type, UID string }
	FieldConfig              struct{ Defaults struct{ Unit string } }
	Targets                  []struct{ RefID, Expr, LegendFormat string }
}

type grid struct{ X, Y, W, H int }

func (g grid) overlaps(o grid) bool {
	return g.X < o.X+o.W && o.X < g.X+g.W && g.Y < o.Y+o.H && o.Y < g.Y+g.H
}

var (
	legend = regexp.MustCompile(`\{\{(\w+)\}\}`)
	units  = []string{"short", "s", "bytes", "percentunit", "reqps", "cps", "currencyUSD"}
	kinds  = []string{"timeseries", "stat", "bargauge"}
)

// TestDashboards holds the dashboards to what Grafana takes, and to what the programs
// export.
func TestDashboards(t *testing.T) {
	files, err := filepath.Glob("../deploy/grafana/*.json")
	if err != nil || len(files) != 6 {
		t.Fatalf("%v, %v", files, err)
	}
	s, uids := exported(t), map[string]bool{}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var d dashboard
			if err := json.NewDecoder(bytes.NewReader(b)).Decode(&d); err != nil {
				t.Fatal(err)
			}
			if d.UID == "" || uids[d.UID] || d.Title == "" || d.Description == "" || d.SchemaVersion == 0 {
				t.Errorf("its head lacks something, or its uid is another's: %s", d.UID)
			}
			uids[d.UID] = true
			if v := d.Templating.List; len(v) != 1 || v[0].Name != "datasource" || v[0].Type != "datasource" || v[0].Query != "prometheus" {
				t.Errorf("its variables are not the datasource: %+v", v)
			}
			for i, p := range d.Panels {
				p.check(t, s)
				for _, before := range d.Panels[:i] {
					if before.ID == p.ID || before.Title == p.Title || before.GridPos.overlaps(p.GridPos) {
						t.Errorf("%q and %q share an ID, a title or a place", before.Title, p.Title)
					}
				}
			}
		})
	}
}

func (p panel) check(t *testing.T, s series) {
	t.Helper()
	g := p.GridPos
	switch {
	case p.ID <= 0 || p.Title == "" || p.Description == "" || !slices.Contains(kinds, p.Type):
		t.Errorf("panel %d %q lacks an ID, a title, a description or a type", p.ID, p.Title)
	case g.X < 0 || g.Y < 0 || g.W <= 0 || g.H <= 0 || g.X+g.W > 24:
		t.Errorf("%q lies outside of the grid: %+v", p.Title, g)
	case p.Datasource.UID != "${datasource}" || p.Datasource.Type != "prometheus":
		t.Errorf("%q has a datasource of its own", p.Title)
	case !slices.Contains(units, p.FieldConfig.Defaults.Unit):
		t.Errorf("%q has the unit %q", p.Title, p.FieldConfig.Defaults.Unit)
	case len(p.Targets) == 0:
		t.Errorf("%q shows nothing", p.Title)
	}
	refs := map[string]bool{}
	for _, target := range p.Targets {
		if target.RefID == "" || refs[target.RefID] {
			t.Errorf("%q: refId %q", p.Title, target.RefID)
		}
		refs[target.RefID] = true
		labels, problems := s.check(target.Expr)
		for _, problem := range problems {
			t.Errorf("%q: %s\n%s", p.Title, problem, target.Expr)
		}
		for _, l := range legend.FindAllStringSubmatch(target.LegendFormat, -1) {
			if !labels[l[1]] {
				t.Errorf("%q: its series have no label %s", p.Title, l[1])
			}
		}
	}
}

// TestProvisioning holds what Grafana loads at its start to what the dashboards ask for.
func TestProvisioning(t *testing.T) {
	var sources struct {
		APIVersion  int      `yaml:"apiVersion"`
		Datasources []source `yaml:"datasources"`
	}
	decode(t, "../deploy/grafana/provisioning/datasources/prometheus.yml", &sources)
	uids := map[string]bool{}
	for _, d := range sources.Datasources {
		uids[d.UID] = true
	}
	for _, d := range sources.Datasources {
		for _, e := range d.JSONData.Exemplars {
			if e.Name != "trace_id" || !uids[e.Datasource] {
				t.Errorf("%s: exemplars lead to %+v", d.Name, e)
			}
		}
	}
	var dashboards struct {
		APIVersion int `yaml:"apiVersion"`
		Providers  []struct {
			Name, Folder, Type string
			Options            struct{ Path string }
		}
	}
	decode(t, "../deploy/grafana/provisioning/dashboards/tracker.yml", &dashboards)
	if sources.APIVersion != 1 || !uids["prometheus"] || dashboards.APIVersion != 1 || len(dashboards.Providers) != 1 || dashboards.Providers[0].Type != "file" {
		t.Errorf("%+v, %+v", sources, dashboards)
	}
}

type source struct {
	Name, UID, Type, Access, URL string
	IsDefault                    bool `yaml:"isDefault"`
	JSONData                     struct {
		Exemplars []struct {
			Name       string
			Datasource string `yaml:"datasourceUid"`
		} `yaml:"exemplarTraceIdDestinations"`
	} `yaml:"jsonData"`
}
