package parts

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "write rows.dictionary anew")

// TestRowsDictionary holds that the dictionary has a row of every type that has a recording.
func TestRowsDictionary(t *testing.T) {
	files, err := filepath.Glob("../../scanners/testdata/*/want.json")
	if err != nil || len(files) < 100 {
		t.Fatal(len(files), err)
	}
	var all bytes.Buffer
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var rs []tracker.Resource
		if err := json.Unmarshal(b, &rs); err != nil || len(rs) == 0 {
			continue // what is no list of resources is for another test
		}
		if !*update && !bytes.Contains(rowsDictionary, []byte(`"`+string(rs[0].Type)+`"`)) {
			t.Errorf("no row of %s: go test ./internal/parts -run Dictionary -update", rs[0].Type)
		}
		line, err := json.Marshal(rs[0])
		if err != nil {
			t.Fatal(err)
		}
		all.Write(append(line, '\n'))
	}
	if *update {
		if err := os.WriteFile("rows.dictionary", all.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestHistoryRow holds what tells a change of a resource, and what does not.
func TestHistoryRow(t *testing.T) {
	row := `{"resource_id":"i-1","state":"running","tags":{"a":"b"},"estimated_cost_monthly":12.3456,"cost":{"basis":"list"},"metadata":{"size_gb":8,"last_used":"2026-01-01"}}`
	first := historyRow([]byte(row))
	if first.ID != "i-1" || first.State != "running" || first.Cost == nil || *first.Cost != 12_345_600_000 {
		t.Errorf("%+v", first)
	}
	for _, c := range []struct {
		from, to string
		changes  bool
	}{
		{`"running"`, `"stopped"`, true},
		{`"b"`, `"c"`, true},
		{`"size_gb":8`, `"size_gb":9`, true},
		{`12.3456`, `13.3456`, true},
		{`12.3456`, `null`, true},
		{`12.3456`, `12.3457`, false},
		{`"list"`, `"usage"`, false},
		{`2026-01-01`, `2026-01-02`, false},
	} {
		if got := historyRow([]byte(strings.Replace(row, c.from, c.to, 1))); (got.Hash != first.Hash) != c.changes {
			t.Errorf("%s to %s: change %v", c.from, c.to, !c.changes)
		}
	}
}

// TestNoise holds that what is called noise is in what scanners record.
func TestNoise(t *testing.T) {
	seen := map[string]bool{}
	files, err := filepath.Glob("../../scanners/testdata/*/want.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var rs []tracker.Resource
		if json.Unmarshal(b, &rs) != nil {
			continue
		}
		for _, r := range rs {
			for key := range r.Metadata {
				seen[key] = true
				if strings.HasPrefix(key, "last_") && !scanners.Noise(key) && !changed[key] {
					t.Errorf("%s: is %s noise?", r.Type, key)
				}
			}
		}
	}
	if len(seen) == 0 {
		t.Fatal("no metadata")
	}
}

// changed are times of a change that somebody has made.
var changed = map[string]bool{"last_modified": true, "last_updated": true, "last_rotated": true, "last_changed": true, "last_pushed": true, "last_status_change": true}

// TestDeciding_Global holds that a bucket's findings are in the cell that lists buckets, not in the bucket's region.
func TestDeciding_Global(t *testing.T) {
	global := tracker.Cell{AccountID: "1", Region: tracker.Global, Type: "S3_Bucket"}
	json := `{"finding_id":"f","rule":"bucket_all_standard","account_id":"1","region":"eu-west-1","resource_type":"S3_Bucket","resource_id":"b"}`
	if f := (deciding{}).finding([]byte(json)); f.Cell != global {
		t.Errorf("the cell is %v", f.Cell)
	}
	rules := rulesOf(tracker.FindingsReport{Status: tracker.Evaluated, ByRule: []tracker.RuleReport{{
		Rule: "bucket_all_standard", Status: tracker.Evaluated, Undecided: []tracker.Cell{{AccountID: "1", Region: "eu-west-1", Type: "S3_Bucket"}},
	}}})
	cells := []store.RecordCell{{Cell: global, Outcome: tracker.OutcomeOK}}
	if all := (deciding{rules: rules}).decided(cells); len(all) > 0 {
		t.Errorf("decided are %v", all)
	}
}
