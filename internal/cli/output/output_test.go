package output_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

var update = flag.Bool("update", false, "write the golden files anew")

var columns = []output.Column{
	{Name: "type", Path: "resource_type", Kind: output.Word},
	{Name: "id", Path: "resource_id", Kind: output.ID},
	{Name: "name", Path: "resource_name"},
	{Name: "region", Kind: output.Word},
	{Name: "state", Kind: output.State},
	{Name: "cost", Path: "estimated_cost_monthly", Kind: output.Money},
	{Name: "created", Path: "creation_date", Kind: output.Time, Wide: true},
	{Name: "tags", Wide: true},
}

// rows are resources as the API answers them: one plain, one in characters that are two columns wide, one of unknown
// cost without a name, and one whose name and tag try to command the terminal.
var rows = []string{
	`{"resource_id":"i-0123456789abcdef0","resource_name":"web-1","resource_type":"EC2_Instance","region":"eu-west-1","state":"running","tags":{"env":"prod","owner":"shop"},"estimated_cost_monthly":70.08,"creation_date":"2025-03-01T00:00:00Z","metadata":{"size_gb":1}}`,
	`{"resource_id":"vol-0a1b2c3d4e5f60718","resource_name":"顧客データベースのバックアップ用ボリューム👩‍💻é","resource_type":"EBS_Volume","region":"ap-northeast-1","state":"available","tags":{},"estimated_cost_monthly":1234.5,"creation_date":"2026-01-10T08:00:00Z","metadata":{"size_gb":100}}`,
	`{"resource_id":"arn:aws:lambda:eu-central-1:111122223333:function:a-function-with-a-long-name","resource_name":null,"resource_type":"Lambda_Function","region":"eu-central-1","state":"active","tags":{"a.b":"c"},"estimated_cost_monthly":null,"creation_date":null,"metadata":{}}`,
	`{"resource_id":"logs","resource_name":"\u001b[31mred\u001b[0m\nline \u009b2J \u202egnp.exe","resource_type":"S3_Bucket","region":"global","state":"error","tags":{"k\u0007":"v\r"},"estimated_cost_monthly":0,"creation_date":"2026-06-20T08:00:00Z","metadata":{"size_gb":20}}`,
}

func raw() output.Rows {
	out := make([]json.RawMessage, len(rows))
	for i, r := range rows {
		out[i] = json.RawMessage(r)
	}
	return output.Of(out)
}

func TestPrint(t *testing.T) {
	for name, o := range map[string]output.Options{
		"table-80":      {Width: 80},
		"table-160":     {Width: 160},
		"table-40":      {Width: 40},
		"table-unbound": {},
		"table-color":   {Width: 80, Color: true},
		"table-columns": {Width: 60, Columns: []string{"name", "tag:env", "tags.a.b", "meta.size_gb", "cost"}},
		"table-sorted":  {Width: 80, Sort: []string{"-cost", "name"}},
		"table-first":   {Width: 80, Sort: []string{"-meta.size_gb"}, Limit: 2},
		"json":          {Format: output.JSON},
		"json-columns":  {Format: output.JSON, Columns: []string{"id", "tags.env"}},
		"ndjson":        {Format: output.NDJSON},
		"csv":           {Format: output.CSV, Columns: []string{"id", "cost", "tags"}},
		"csv-terminal":  {Format: output.CSV, Columns: []string{"name"}, Terminal: true},
		"yaml":          {Format: output.YAML},
		"yaml-columns":  {Format: output.YAML, Columns: []string{"id", "cost"}},
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			hidden, err := o.Print(&b, columns, raw())
			if err != nil {
				t.Fatal(err)
			}
			got := b.String()
			for line := range strings.Lines(got) {
				if w := output.Width(strings.TrimSuffix(line, "\n")); o.Width > 0 && !o.Color && w > o.Width {
					t.Errorf("%d columns: %q", w, line)
				}
			}
			if !o.Color && strings.ContainsAny(got, "\x1b\u009b\u202e\a") && (o.Format != output.CSV || o.Terminal) {
				t.Error("a character that commands a terminal is written as it is")
			}
			if len(hidden) > 0 {
				got += "hidden: " + strings.Join(hidden, ", ") + "\n"
			}
			golden(t, name, got)
		})
	}
}

// TestYAMLIsRead has the YAML read back: it says what the JSON says.
func TestYAMLIsRead(t *testing.T) {
	var b strings.Builder
	if _, err := (output.Options{Format: output.YAML}).Print(&b, columns, raw()); err != nil {
		t.Fatal(err)
	}
	var got, want any
	if err := yaml.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal([]byte("["+strings.Join(rows, ",")+"]"), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-JSON +YAML:\n%s", diff)
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNothingIsAnEmptyList(t *testing.T) {
	for format, want := range map[string]string{
		output.JSON: "[]\n", output.NDJSON: "", output.YAML: "[]\n", output.CSV: "type,id,name,region,state,cost,created,tags\n",
		output.Table: "TYPE  ID  NAME  REGION  STATE  COST  CREATED  TAGS\n",
	} {
		var b strings.Builder
		_, err := output.Options{Format: format}.Print(&b, columns, output.Of([]string{}))
		if diff := cmp.Diff(want, b.String()); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", format, err, diff)
		}
	}
}

func TestUnknownColumnsNameThoseThatThereAre(t *testing.T) {
	for _, o := range []output.Options{{Columns: []string{"colour"}}, {Sort: []string{"-colour"}}, {Format: output.JSON, Columns: []string{"colour"}}} {
		_, err := o.Print(&strings.Builder{}, columns, raw())
		if !errors.Is(err, output.ErrColumn) || !strings.Contains(err.Error(), `"colour"`) || !strings.Contains(err.Error(), "created, tags, metadata") {
			t.Error(err)
		}
	}
}

func TestObject(t *testing.T) {
	for name, format := range map[string]string{"object-json": output.JSON, "object-yaml": output.YAML, "object-csv": output.CSV, "object-ndjson": output.NDJSON} {
		var b strings.Builder
		done, err := output.Options{Format: format}.Object(&b, columns, json.RawMessage(rows[0]))
		if err != nil || !done {
			t.Error(name, done, err)
		}
		golden(t, name, b.String())
	}
	if done, err := (output.Options{Format: output.Table}).Object(nil, columns, nil); done || err != nil {
		t.Error("a table of one thing is for its verb to write")
	}
}

func TestWidth(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 1, "顧客": 4, "ａ": 2, "👍": 2, "☺\ufe0f": 2, "a\u200bb": 2} {
		if got := output.Width(text); got != want {
			t.Errorf("%q is %d wide, want %d", text, got, want)
		}
	}
	for text, want := range map[string]string{"顧客データ": "顧客…", "abcdef": "abcde…", "ab": "ab"} {
		if got := output.Cut(text, 6); got != want && len(text) > 6 {
			t.Errorf("%q is cut to %q, want %q", text, got, want)
		}
	}
	if got := output.Cut("顧客データ", 1); got != "…" {
		t.Errorf("%q", got)
	}
}
