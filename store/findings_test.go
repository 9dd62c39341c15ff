package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// finalizing is a job whose cells are closed.
func finalizing(t *testing.T, s *store.Store, id string) fixture {
	t.Helper()
	f, _ := expanded(t, s, id, tracker.ScanRequest{}, "a")
	l := f.begin("1/a")
	f.write(l, "a", "EC2_Instance", 1, tracker.OutcomeOK)
	f.write(l, "a", "EBS_Volume", 1, tracker.OutcomeOK)
	if j := f.job(); j.State != tracker.JobFinalizing {
		t.Fatalf("the job is %s", j.State)
	}
	return f
}

// found is what EachFinding tells of a job.
func found(t *testing.T, s *store.Store, id, cursor string) (rows, cursors []string) {
	t.Helper()
	err := s.EachFinding(t.Context(), id, cursor, func(at string, b []byte) error {
		rows, cursors = append(rows, string(b)), append(cursors, at)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, cursors
}

func TestFindingsAreClaimedByOne(t *testing.T) {
	s, rdb := open(t, store.Options{})
	running, _ := expanded(t, s, "running", tracker.ScanRequest{}, "a")
	finalizing(t, s, "j")
	type answer struct {
		Claim   store.FindingsClaim
		Holders int
	}
	ask := func(job, holder string) answer {
		t.Helper()
		c, n, err := s.ClaimFindings(t.Context(), job, holder, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return answer{c, n}
	}
	step := func(what string, want, got answer) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	step("while the job runs", answer{store.ClaimNone, 0}, ask(running.j.ID, "w1"))
	step("the first", answer{store.ClaimMine, 1}, ask("j", "w1"))
	step("the first again", answer{store.ClaimMine, 1}, ask("j", "w1"))
	step("another", answer{store.ClaimHeld, 0}, ask("j", "w2"))
	if err := s.ReleaseFindings(t.Context(), "j", "w2"); err != nil {
		t.Fatal(err)
	}
	step("another released it", answer{store.ClaimHeld, 0}, ask("j", "w2"))
	rdb.Del(t.Context(), "rt:{j}:g") // as when the first has died
	step("after its time", answer{store.ClaimMine, 2}, ask("j", "w2"))
	step("the first, come back", answer{store.ClaimHeld, 0}, ask("j", "w1"))

	late := s.FindingWriter("j", "w1", time.Now().Add(time.Hour))
	if err := late.Add(t.Context(), tracker.Finding{ID: "late"}); err != nil {
		t.Fatal(err)
	}
	if won, err := late.Close(t.Context(), tracker.FindingsReport{}, nil); won || err != nil {
		t.Errorf("who has lost the claim: won %t, %v", won, err)
	}
	if won, err := s.FindingWriter("j", "w2", time.Now().Add(time.Hour)).Close(t.Context(), tracker.FindingsReport{}, nil); !won || err != nil {
		t.Errorf("who has the claim: won %t, %v", won, err)
	}
	if rows, _ := found(t, s, "j", ""); len(rows) > 0 {
		t.Errorf("found %v", rows)
	}
	step("when it is done", answer{store.ClaimNone, 0}, ask("j", "w3"))
}

func TestFindingsArePaged(t *testing.T) {
	s, rdb := open(t, store.Options{PageRows: 3})
	f := finalizing(t, s, "j")
	if _, err := s.Findings(t.Context(), "j"); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("before anybody looked: %v", err)
	}
	if _, _, err := s.ClaimFindings(t.Context(), "j", "w", time.Minute); err != nil {
		t.Fatal(err)
	}
	w := s.FindingWriter("j", "w", f.job().ExpiresAt)
	for i := range 8 {
		if err := w.Add(t.Context(), tracker.Finding{ID: fmt.Sprint(i), Title: "<a>"}); err != nil {
			t.Fatal(err)
		}
	}
	if rows, _ := found(t, s, "j", ""); len(rows) > 0 {
		t.Errorf("%d findings before the report", len(rows))
	}
	want := tracker.FindingsReport{Status: tracker.Evaluated, Findings: 8, ByRule: []tracker.RuleReport{}}
	if won, err := w.Close(t.Context(), want, nil); !won || err != nil {
		t.Fatal(won, err)
	}
	got, err := s.Findings(t.Context(), "j")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	rows, cursors := found(t, s, "j", "")
	if len(rows) != 8 {
		t.Fatalf("%d findings, want 8", len(rows))
	}
	for i, cursor := range cursors {
		rest, _ := found(t, s, "j", cursor)
		if diff := cmp.Diff(rows[i:], rest); diff != "" {
			t.Errorf("from %s (-want +got):\n%s", cursor, diff)
		}
	}
	if err := s.EachFinding(t.Context(), "j", "x", nil); tracker.CodeOf(err) != tracker.CodeInvalid {
		t.Errorf("a cursor of another kind: %v", err)
	}
	if _, err := s.Finish(t.Context(), "j"); err != nil {
		t.Fatal(err)
	}
	for _, key := range rdb.Keys(t.Context(), "rt:{j}:*").Val() {
		if rdb.TTL(t.Context(), key).Val() <= 0 {
			t.Errorf("%s is kept for ever", key)
		}
	}
}
