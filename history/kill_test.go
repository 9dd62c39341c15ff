package history

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/history/historytest"
)

// childURL is the variable by which this test program knows that it is the one to be killed, and its database.
const childURL = "TEST_HISTORY_CHILD"

// child brings all scans in and has an account forgotten, and is killed now and then. The other child may still bring
// scans of that account in.
func child(url string) int {
	ctx := context.Background()
	s, err := Open(ctx, Options{URL: url, Dictionary: []byte("{}"), Tags: []string{"Team"}, Migrate: true})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer s.Close()
	scans, found := estate()
	for i, sc := range scans {
		err := s.Ingest(ctx, sc)
		if err == nil {
			err = s.Evaluate(ctx, found[i])
		}
		if err != nil {
			fmt.Println(err)
			return 1
		}
	}
	if err := s.ForgetAt(ctx, "t", "2", 11*day); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// estate is ten scans of three accounts with 3,000 resources, of which some change and some cells fail, and what was
// found in each: what is off.
func estate() (scans []Scan, found []Evaluation) {
	random := rand.New(rand.NewPCG(1, 2))
	state := map[int]string{}
	for day := range int64(10) {
		var text, off strings.Builder
		for account := range 3 {
			for _, cell := range []string{"eu vol", "us vol"} {
				if random.IntN(6) == 0 {
					fmt.Fprintln(&text, account, cell, "throttled")
					continue
				}
				fmt.Fprintln(&off, account, cell, "idle")
				for i := range 500 {
					id := i*6 + account*2 + len(cell)%2
					if random.IntN(20) == 0 {
						state[id] = []string{"on", "off", "gone"}[random.IntN(3)]
					}
					if state[id] != "gone" {
						fmt.Fprintln(&text, account, cell, "ok", i, state[id]+"_", i%7, "x")
					}
					if state[id] == "off" {
						fmt.Fprintln(&off, account, cell, "idle", i, i%7)
					}
				}
			}
		}
		job, at := fmt.Sprint("job ", day), (day+1)*86_400_000
		scans, found = append(scans, scan(job, 0, at, text.String())), append(found, evaluation(job, 0, at, off.String()))
	}
	return scans, found
}

// TestKill holds that processes which are killed at any moment, two of them at once, leave in the end what one that
// nobody disturbs leaves.
func TestKill(t *testing.T) {
	for name, url := range map[string]func() string{
		"sqlite":   func() string { return filepath.Join(t.TempDir(), "h.sqlite") },
		"postgres": func() string { return historytest.Database(t) },
	} {
		t.Run(name, func(t *testing.T) {
			calm, killed := url(), url()
			if out, ok := spawn(t, calm, time.Hour); !ok {
				t.Fatal(out)
			}
			kills := 0
			for ended := false; !ended; {
				other := make(chan bool)
				go func() {
					_, ok := spawn(t, killed, time.Duration(rand.IntN(1500))*time.Millisecond)
					other <- ok
				}()
				_, ok := spawn(t, killed, time.Duration(rand.IntN(500)+kills*50)*time.Millisecond)
				second := <-other
				if ended = ok || second; !ended {
					kills += 2
				}
			}
			a, b := dump(t, opened(t, calm)), dump(t, opened(t, killed))
			if !slices.Equal(a, b) {
				t.Errorf("%d rows, and %d after %d kills; first that differs: %s", len(a), len(b), kills, differs(a, b))
			}
			if i := slices.IndexFunc(b, func(line string) bool { return strings.HasPrefix(line, "2 ") || strings.Contains(line, "/2/") }); i >= 0 {
				t.Errorf("of the account that was forgotten is left: %s", b[i])
			}
			t.Logf("%d kills, %d rows", kills, len(a))
		})
	}
}

// spawn runs this test program as a child, and kills it after a while. ok is that it ended well before.
func spawn(t *testing.T, url string, life time.Duration) (out string, ok bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childURL+"="+url)
	var text strings.Builder
	cmd.Stdout, cmd.Stderr = &text, &text
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return "", true
	}
	timer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Wait()
	return text.String(), err == nil
}

// dump is all that a history tells, without the numbers that it gives to things.
func dump(t *testing.T, s *Store) (all []string) {
	t.Helper()
	for _, query := range []string{
		`SELECT a.account || ' ' || c.region || ' ' || c.type || ' ' || r.rid || ' ' || v.valid_from || ' ' || v.valid_to || ' ' || v.state_since || ' ' || v.cost || ' ' || v.state || ' ' || v.hash
			FROM version v JOIN resource r ON r.id = v.resource JOIN cell c ON c.id = r.cell JOIN account a ON a.id = c.account`,
		`SELECT a.account || ' ' || c.region || ' ' || c.type || ' ' || r.rid || ' ' || r.first_seen || ' ' || r.since || ' ' || coalesce(r.hash, 0)
			FROM resource r JOIN cell c ON c.id = r.cell JOIN account a ON a.id = c.account`,
		`SELECT a.account || ' ' || c.region || ' ' || c.type || ' ' || c.digest || ' ' || c.resources FROM cell c JOIN account a ON a.id = c.account`,
		`SELECT a.account || ' ' || o.at || ' ' || n.job || ' ' || o.coverage || ' ' || n.done FROM observation o JOIN account a ON a.id = o.account JOIN scan n ON n.id = o.scan`,
		`SELECT a.account || ' ' || c.region || ' ' || c.type || ' ' || u.day || ' ' || u.resources || ' ' || u.cost FROM rollup u JOIN cell c ON c.id = u.cell JOIN account a ON a.id = c.account`,
		`SELECT tenant || ' ' || dimension || ' ' || key || ' ' || day || ' ' || resources || ' ' || unpriced || ' ' || cost FROM trend`,
		`SELECT f.finding_id || ' ' || f.saving || ' ' || f.tags || ' ' || f.opened_at || ' ' || f.seen_at || ' ' || f.reopened || ' ' || coalesce(f.resolved_at, 0) || ' ' || coalesce(f.resolution, '')
			|| ' ' || coalesce(f.realised, -1) FROM finding f`,
		`SELECT a.account || ' ' || a.evaluated || ' ' || e.at || ' ' || n.job || ' ' || e.coverage || ' ' || n.evaluated FROM evaluation e JOIN account a ON a.id = e.account JOIN scan n ON n.id = e.scan`,
		`SELECT a.account || ' ' || w.rule || ' ' || w.region || ' ' || w.type || ' ' || w.day || ' ' || w.findings || ' ' || w.saving FROM waste w JOIN account a ON a.id = w.account`,
	} {
		var line string
		var lines []string
		err := each(t.Context(), s.db, query, nil, []any{&line}, func() error {
			lines = append(lines, line)
			return nil
		})
		if err != nil || len(lines) == 0 {
			t.Fatal(query, err)
		}
		slices.Sort(lines)
		all = append(all, lines...)
	}
	return all
}

// differs is the first line that is not alike.
func differs(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] + " | " + b[i]
		}
	}
	return "the end"
}
