package lake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

const dayOf = 20_000 // 2024-10-04

func opened(t *testing.T) *history.Store {
	t.Helper()
	h, err := history.Open(t.Context(), history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Dictionary: []byte("{}"), Tags: []string{"team"}, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// ingest takes in a scan of volumes of account 1 in eu-west-1, of which others are denied.
func ingest(t *testing.T, h *history.Store, job string, at int64, volumes ...string) {
	t.Helper()
	cell := history.Place{Region: "eu-west-1", Type: "EBS_Volume"}
	err := h.Ingest(t.Context(), history.Scan{
		Tenant: "acme corp", Job: job, At: at, Accounts: []string{"111111111111"},
		Cells: func(string) []history.Cell {
			return []history.Cell{{Place: cell, Outcome: tracker.OutcomeOK}, {Place: history.Place{Region: "eu-west-1", Type: "S3_Bucket"}, Outcome: tracker.OutcomeDenied}}
		},
		Rows: func(string, history.Cell) iter.Seq2[history.Row, error] {
			return func(yield func(history.Row, error) bool) {
				for _, v := range volumes {
					id, state, _ := strings.Cut(v, ":")
					json := fmt.Sprintf(`{"resource_id":%q,"resource_name":"data","resource_type":"EBS_Volume","account_id":"111111111111","region":"eu-west-1","arn":"arn:%s",`+
						`"state":%q,"creation_date":"2024-01-02T03:04:05Z","tags":{"team":"a","b":"c","env":"prod"},"estimated_cost_monthly":8.8,`+
						`"cost":{"currency":"USD","basis":"list","confidence":"high"},"metadata":{"size_gb":100}}`, id, id, state)
					if !yield(history.Row{ID: id, State: state, Cost: new(int64(8_800_000_000)), Hash: int64(len(state)), JSON: []byte(json)}, nil) {
						return
					}
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func read[T any](t *testing.T, path string) []T {
	t.Helper()
	rows, err := parquet.ReadFile[T](path)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// tree is every file of a folder with what is in it.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		sum := sha256.Sum256(b)
		all[strings.TrimPrefix(path, dir+"/")] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestExport holds what is written of days, that what was missed is caught up, and that a day is the same again.
func TestExport(t *testing.T) {
	h, dir := opened(t), t.TempDir()
	noon := int64(dayOf*dayMillis + dayMillis/2)
	ingest(t, h, "one", noon, "vol-1:available", "vol-2:available")
	ingest(t, h, "two", noon+dayMillis, "vol-1:in-use")
	now := time.UnixMilli(noon + 2*dayMillis)
	e := Exporter{History: h, To: Folder(dir), Now: func() time.Time { return now }}
	var told []string
	tell := func(how string) { told = append(told, how) }
	if err := e.Export(t.Context(), tell); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"written", "written"}, told); diff != "" {
		t.Error(diff)
	}
	in := func(table, day string) string {
		return filepath.Join(dir, table, "tenant=acme%20corp", "day="+day, "account=111111111111", "part-0.parquet")
	}
	at := func(ms int64) *time.Time { u := time.UnixMilli(ms).UTC(); return &u }
	want := Row{
		ResourceID: "vol-1", ResourceType: "EBS_Volume", AccountID: "111111111111", Region: "eu-west-1", ARN: "arn:vol-1", Name: new("data"), State: "available",
		CreatedAt: new(time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)), Tags: map[string]string{"team": "a", "b": "c", "env": "prod"}, Metadata: `{"size_gb":100}`,
		MonthlyCost: new(8.8), Currency: new("USD"), CostBasis: new("list"), CostConfidence: new("high"),
		FirstSeen: at(noon), SeenAt: at(noon), StateSince: *at(noon), ValidFrom: *at(noon),
	}
	second := want
	second.ResourceID, second.ARN = "vol-2", "arn:vol-2"
	if diff := cmp.Diff([]Row{want, second}, read[Row](t, in("inventory", "2024-10-04"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Row{want, second}, read[Row](t, in("versions", "2024-10-04"))); diff != "" {
		t.Error(diff)
	}
	used := want
	used.State, used.SeenAt, used.StateSince, used.ValidFrom = "in-use", at(noon+dayMillis), *at(noon + dayMillis), *at(noon + dayMillis)
	if diff := cmp.Diff([]Row{used}, read[Row](t, in("inventory", "2024-10-05"))); diff != "" {
		t.Error(diff)
	}
	want.ValidTo, second.ValidTo, want.SeenAt, second.SeenAt = used.SeenAt, used.SeenAt, used.SeenAt, used.SeenAt
	if diff := cmp.Diff([]Row{want, used, second}, read[Row](t, in("versions", "2024-10-05"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]CoverageRow{
		{"111111111111", "eu-west-1", "EBS_Volume", at(noon), *at(noon), "ok"},
		{"111111111111", "eu-west-1", "S3_Bucket", nil, *at(noon), "denied"},
	}, read[CoverageRow](t, in("coverage", "2024-10-04"))); diff != "" {
		t.Error(diff)
	}
	success, err := os.ReadFile(filepath.Join(dir, "inventory/tenant=acme%20corp/day=2024-10-05/_SUCCESS"))
	if string(success) != `{"files":1,"rows":1}`+"\n" || err != nil {
		t.Errorf("%s %v", success, err)
	}

	before := tree(t, dir)
	told = nil
	if err := e.Export(t.Context(), tell); err != nil || told != nil {
		t.Errorf("nothing is due: %v %v", told, err)
	}
	if err := e.Day(t.Context(), "acme corp", dayOf+1); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("a day that is written again: %s", diff)
	}

	// A scan of the first day that comes in late has both days written again, and no other.
	ingest(t, h, "late", noon+1000, "vol-1:available", "vol-2:available", "vol-3:available")
	if err := e.Export(t.Context(), tell); err != nil || len(told) != 2 {
		t.Errorf("%v %v", told, err)
	}
}

// broken are files that cannot be written under some names.
type broken struct {
	Folder
	part string
}

func (b broken) Write(ctx context.Context, name string, f func(io.Writer) error) error {
	return b.Folder.Write(ctx, name, func(w io.Writer) error {
		err := f(w)
		if strings.Contains(name, b.part) {
			err = errors.Join(err, errors.New("the disk is full"))
		}
		return err
	})
}

// TestExport_Fails holds that a day which cannot be written leaves no half file and no _SUCCESS, keeps no other day back,
// and comes again when its claim has ended.
func TestExport_Fails(t *testing.T) {
	h, dir := opened(t), t.TempDir()
	noon := int64(dayOf*dayMillis + dayMillis/2)
	ingest(t, h, "one", noon, "vol-1:available")
	ingest(t, h, "two", noon+dayMillis, "vol-1:in-use")
	now := time.UnixMilli(noon + 2*dayMillis)
	e := Exporter{History: h, To: broken{Folder(dir), "versions/tenant=acme%20corp/day=2024-10-04"}, Now: func() time.Time { return now }}
	var told []string
	tell := func(how string) { told = append(told, how) }
	if err := e.Export(t.Context(), tell); err == nil || !strings.Contains(err.Error(), "2024-10-04 of tenant acme corp: versions of account 111111111111: the disk is full") {
		t.Error(err)
	}
	for name := range tree(t, dir) {
		if strings.Contains(name, ".part-") || strings.Contains(name, "2024-10-04/_SUCCESS") || strings.HasPrefix(name, "versions/tenant=acme%20corp/day=2024-10-04") {
			t.Errorf("%s is there", name)
		}
	}
	e.To = Folder(dir)
	if err := e.Export(t.Context(), tell); err != nil {
		t.Error(err)
	}
	now = now.Add(claimLife + time.Second)
	if err := e.Export(t.Context(), tell); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"failed", "written", "written"}, told); diff != "" {
		t.Error(diff)
	}
	if _, is := tree(t, dir)["versions/tenant=acme%20corp/day=2024-10-04/_SUCCESS"]; !is {
		t.Error("the day is not there")
	}
}

// TestExport_Bounded holds that what was missed is caught up for thirty days, each once, by however many workers.
func TestExport_Bounded(t *testing.T) {
	h := opened(t)
	ingest(t, h, "one", dayOf*dayMillis, "vol-1:available")
	now := time.UnixMilli((dayOf+40)*dayMillis + 1)
	days := make(chan string, 100)
	dir := t.TempDir()
	var failed [2]error
	done := make(chan int)
	for i := range failed {
		e := Exporter{History: h, To: Folder(dir), Now: func() time.Time { return now }}
		go func() {
			defer func() { done <- i }()
			for {
				day, err := e.Next(t.Context())
				if failed[i] = err; err != nil || day == "" {
					return
				}
				days <- day
			}
		}()
	}
	for range failed {
		<-done
	}
	close(days)
	var all []string
	for d := range days {
		all = append(all, d)
	}
	slices.Sort(all)
	if len(all) != catchUp || all[0] != date(dayOf+10) || all[catchUp-1] != date(dayOf+39) || len(slices.Compact(all)) != catchUp || errors.Join(failed[:]...) != nil {
		t.Errorf("%d days: %v %v", len(all), all, failed)
	}
}
