package api_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	csvHead     = "resource_id,resource_name,resource_type,region,state,creation_date,tags,estimated_cost_monthly,metadata,account_id,arn,cost\n"
	instanceCSV = `i-1,web,EC2_Instance,eu-west-1,running,,"{""a=b"":""c,d"",""empty"":"""",""env"":""prod""}",7,"{""vpc_id"":null}",123456789012,,` + "\n"
	bucketCSV   = `logs,,S3_Bucket,us-east-1,active,,"{""env"":""dev""}",,{},123456789012,,` + "\n"
)

// exporting are the paths that export a finished job.
var exporting = []string{"/api/v1/jobs/job-1/resources", "/api/v1/resources", "/api/v1/jobs/job-1/result"}

func TestExports(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	excelCSV := "\ufeff" + quoteAll(csvHead+instanceCSV+bucketCSV)
	for _, tc := range []struct{ name, query, accept, media, want string }{
		{"ndjson", "?format=ndjson", "", "application/x-ndjson", instanceRow + "\n" + bucketRow + "\n"},
		{"ndjson by Accept", "", "application/x-ndjson", "application/x-ndjson", instanceRow + "\n" + bucketRow + "\n"},
		{"csv", "?format=csv", "", "text/csv; charset=utf-8; header=present", csvHead + instanceCSV + bucketCSV},
		{"csv by Accept", "", "text/csv, */*;q=0.1", "text/csv; charset=utf-8; header=present", csvHead + instanceCSV + bucketCSV},
		{"csv as good as JSON", "", "application/json, text/csv", "text/csv; charset=utf-8; header=present", csvHead + instanceCSV + bucketCSV},
		{"csv before Accept", "?format=csv", "application/x-ndjson", "text/csv; charset=utf-8; header=present", csvHead + instanceCSV + bucketCSV},
		{"excel", "?format=csv-excel", "", "text/csv; charset=utf-8; header=present; profile=excel", excelCSV},
		{"excel by Accept", "", "text/csv;profile=excel", "text/csv; charset=utf-8; header=present; profile=excel", excelCSV},
	} {
		for _, path := range exporting {
			a := d.call("GET", path+tc.query, "", "Accept", tc.accept)
			if diff := cmp.Diff(tc.want, a.body); diff != "" || a.code != 200 {
				t.Errorf("%s of %s: %d (-want +got):\n%s", tc.name, path, a.code, diff)
			}
			file := ""
			if strings.HasPrefix(tc.media, "text/csv") {
				file = `attachment; filename="resources-job-1.csv"`
			}
			got := []string{a.header.Get("Content-Type"), a.header.Get("X-Job-State"), a.header.Get("X-Scan-Complete"), a.header.Get("Content-Disposition")}
			if diff := cmp.Diff([]string{tc.media, "partial", "false", file}, got); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", tc.name, path, diff)
			}
		}
	}
}

// quoteAll is CSV with every cell quoted and lines that end in CRLF.
func quoteAll(lines string) string {
	rows, err := csv.NewReader(strings.NewReader(lines)).ReadAll()
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

func TestExportsThatAreJSON(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	for _, path := range exporting {
		want := d.call("GET", path, "").body
		for _, tc := range []struct{ name, query, accept string }{
			{"by name", "?format=json", "text/csv"},
			{"by Accept", "", "application/json"},
			{"anything", "", "*/*"},
			{"a browser", "", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
			{"what there is not", "", "application/pdf"},
			{"rather than lines", "", "application/x-ndjson;q=0.5, application/json"},
			{"lines refused", "", "application/x-ndjson;q=0.0, text/csv;q=0"},
		} {
			a := d.call("GET", path+tc.query, "", "Accept", tc.accept)
			if a.code != 200 || a.body != want || a.header.Get("Content-Type") != "application/json" || a.header.Get("Content-Disposition") != "" {
				t.Errorf("%s of %s: %d %v %s", tc.name, path, a.code, a.header, a.body)
			}
		}
	}
}

func TestExportsAreFiltered(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	for query, want := range map[string]string{
		"resource_type=EC2_Instance": instanceCSV,
		"tag=env%3Ddev":              bucketCSV,
		"tag.a%3Db=c,d":              instanceCSV,
		"region=global":              "",
	} {
		for _, path := range exporting[:2] {
			if a := d.call("GET", path+"?format=csv&"+query, ""); a.code != 200 || a.body != csvHead+want {
				t.Errorf("%s?%s: %d %s", path, query, a.code, a.body)
			}
		}
	}
}

func TestCellsOfCSV(t *testing.T) {
	for _, tc := range []struct{ name, cell, csv, excel string }{
		{"plain", "web", `web`, `"web"`},
		{"empty", "", ``, `""`},
		{"comma", "a,b", `"a,b"`, `"a,b"`},
		{"quote", `a"b`, `"a""b"`, `"a""b"`},
		{"quotes alone", `""`, `""""""`, `""""""`},
		{"new line", "a\nb", "\"a\nb\"", "\"a\nb\""},
		{"CRLF", "a\r\nb", "\"a\r\nb\"", "\"a\r\nb\""},
		{"space before", " a", `" a"`, `" a"`},
		{"unicode", "größe-東京-🚀", `größe-東京-🚀`, `"größe-東京-🚀"`},
		{"line separator", "a\u2028b", "a\u2028b", "\"a\u2028b\""},
		{"markup", "<b>&", `<b>&`, `"<b>&"`},
		{"equals", "=1+1", `=1+1`, `"'=1+1"`},
		{"plus", "+1", `+1`, `"'+1"`},
		{"minus", "-1", `-1`, `"'-1"`},
		{"at", "@SUM(A1)", `@SUM(A1)`, `"'@SUM(A1)"`},
		{"tab", "\t=1", "\"\t=1\"", "\"'\t=1\""},
		{"CR", "\r=1", "\"\r=1\"", "\"'\r=1\""},
		{"LF", "\n=1", "\"\n=1\"", "\"'\n=1\""},
		{"equals in full width", "＝1", `＝1`, `"'＝1"`},
		{"command", `=cmd|' /C calc'!A0`, `=cmd|' /C calc'!A0`, `"'=cmd|' /C calc'!A0"`},
		{"link", `=HYPERLINK("http://x","y")`, `"=HYPERLINK(""http://x"",""y"")"`, `"'=HYPERLINK(""http://x"",""y"")"`},
		{"equals within", "a=1", `a=1`, `"a=1"`},
		{"apostrophe", "'a", `'a`, `"'a"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := &fake{}
			f.add(alice, "job-1", tracker.JobSucceeded)
			f.found["job-1"] = []tracker.Resource{{ID: "r", Name: &tc.cell, Type: "EC2_Instance", Region: "eu-west-1"}}
			d := open(t, f)
			for format, want := range map[string]string{
				"csv":       csvHead + "r," + tc.csv + ",EC2_Instance,eu-west-1,,,,,,,,\n",
				"csv-excel": "\ufeff" + quoteAll(csvHead) + `"r",` + tc.excel + `,"EC2_Instance","eu-west-1"` + strings.Repeat(`,""`, 8) + "\r\n",
			} {
				a := d.call("GET", "/api/v1/jobs/job-1/resources?format="+format, "")
				if diff := cmp.Diff(want, a.body); diff != "" {
					t.Errorf("%s (-want +got):\n%s", format, diff)
				}
				rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
				if err != nil || len(rows) != 2 || len(rows[1]) != 12 {
					t.Errorf("%s reads as %q, %v", format, rows, err)
				}
			}
		})
	}
}

func TestEmptyExports(t *testing.T) {
	f := &fake{}
	f.add(alice, "job-1", tracker.JobSucceeded)
	d := open(t, f)
	for format, want := range map[string]string{"ndjson": "", "csv": csvHead, "csv-excel": "\ufeff" + quoteAll(csvHead)} {
		for _, path := range exporting {
			if a := d.call("GET", path+"?format="+format, ""); a.code != 200 || a.body != want || a.header.Get("X-Scan-Complete") != "true" {
				t.Errorf("%s as %s: %d %q", path, format, a.code, a.body)
			}
		}
	}
}

func TestExportsAreRefused(t *testing.T) {
	const allowed = `expected value to be one of "json, ndjson, csv, csv-excel"`
	for _, tc := range []struct {
		name, target, field, text string
		code                      int
	}{
		{"no such format", "/api/v1/resources?format=xlsx", "query.format", allowed, 422},
		{"no such format of a job", "/api/v1/jobs/job-1/resources?format=CSV", "query.format", allowed, 422},
		{"no such format of a result", "/api/v1/jobs/job-1/result?format=xml", "query.format", allowed, 422},
		{"limit", "/api/v1/resources?format=csv&limit=5", "query.limit", "works with format json only: csv has everything in one answer", 422},
		{"cursor", "/api/v1/jobs/job-1/resources?format=ndjson&cursor=1", "query.cursor", "works with format json only: ndjson has everything in one answer", 422},
		{"unknown filter", "/api/v1/resources?format=csv&type=x", "query.type", "unknown query parameter", 422},
		{"unknown region", "/api/v1/resources?format=csv&region=moon", "query.region", "not a region name such as eu-west-1", 422},
		{"no such job", "/api/v1/jobs/job-2/resources?format=csv", "", "", 404},
		{"no such result", "/api/v1/jobs/job-2/result?format=csv", "", "", 404},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := open(t, finished(tracker.JobPartial)).call("GET", tc.target, "")
			if a.code != tc.code || a.header.Get("Content-Type") != "application/problem+json" || a.header.Get("Content-Disposition") != "" {
				t.Fatal(a.code, a.header, a.body)
			}
			if tc.field != "" && a.json(t)["error"] != tc.field+": "+tc.text {
				t.Error(a.body)
			}
		})
	}
}

func TestExportsHaveOwners(t *testing.T) {
	d := open(t, finished(tracker.JobPartial))
	for _, path := range exporting {
		for _, format := range []string{"ndjson", "csv", "csv-excel"} {
			if a := d.call("GET", path+"?format="+format, "", "X-API-Key", other); a.code != 404 || strings.Contains(a.body, "i-1") {
				t.Errorf("%s as %s for somebody else: %d %s", path, format, a.code, a.body)
			}
			if a := d.call("GET", path+"?format="+format, "", "X-API-Key", ""); a.code != 401 {
				t.Errorf("%s as %s for nobody: %d", path, format, a.code)
			}
		}
	}
}

func TestExportsOfARunningScan(t *testing.T) {
	f := finished(tracker.JobRunning)
	f.jobs[0].FinishedAt = nil
	d := open(t, f)
	for target, code := range map[string]int{
		"/api/v1/jobs/job-1/result?format=csv":              409,
		"/api/v1/jobs/job-1/result?format=csv&partial=true": 200,
		"/api/v1/jobs/job-1/resources?format=csv":           200,
		"/api/v1/resources?format=csv":                      404,
	} {
		a := d.call("GET", target, "")
		if a.code != code {
			t.Errorf("%s: %d, want %d", target, a.code, code)
		}
		if code == 200 && (a.body != csvHead+instanceCSV+bucketCSV || a.header.Get("X-Job-State") != "running" || a.header.Get("X-Scan-Complete") != "false") {
			t.Errorf("%s: %v %s", target, a.header, a.body)
		}
	}
}

func TestLargeExportIsNotHeld(t *testing.T) {
	e := &endless{fake: finished(tracker.JobSucceeded), rows: 200_000}
	d := open(t, e.fake, func(o *api.Options) { o.Results = e })
	// What is held is measured, and not what waits for a collector that lags on a busy machine.
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, format := range []string{"ndjson", "csv", "csv-excel"} {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/resources?format="+format, nil)
		r.Header.Set("X-API-Key", key)
		w := &sink{header: http.Header{}}
		d.ServeHTTP(w, r)
		if w.bytes < 100_000_000 {
			t.Errorf("%s: %d bytes", format, w.bytes)
		}
	}
	if grown := int64(e.peak) - int64(before.HeapAlloc); grown > 32<<20 {
		t.Errorf("the heap grew by %d bytes for an export of 100 MB", grown)
	}
}
