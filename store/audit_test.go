package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestAudit(t *testing.T) {
	st, _ := open(t, store.Options{})
	a := store.Audit{Store: st}
	writeLines(t, a, "alice", 5)
	var got, after string
	for {
		lines, err := a.AuditTrail(t.Context(), "alice", after, time.Time{}, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(lines) == 0 {
			break
		}
		for _, l := range lines {
			got += l.What
		}
		after = lines[len(lines)-1].ID
	}
	if got != "12345" {
		t.Errorf("lines %q", got)
	}
	for _, owner := range []string{"mallory", ""} {
		if lines, err := a.AuditTrail(t.Context(), owner, "", time.Time{}, 10); len(lines) != 0 || err != nil {
			t.Errorf("%q reads %v, %v", owner, lines, err)
		}
	}
	if lines, err := a.AuditTrail(t.Context(), "alice", "", time.Now().Add(time.Hour), 10); len(lines) != 0 || err != nil {
		t.Errorf("lines of the future: %v, %v", lines, err)
	}
}

// writeLines writes n lines, which count from 1.
func writeLines(t *testing.T, a store.Audit, owner string, n int) {
	t.Helper()
	for i := range n {
		if err := a.Write(t.Context(), owner, tracker.AuditEvent{PlanID: "p", What: fmt.Sprint(i + 1), Detail: "<a> & b"}); err != nil {
			t.Fatal(err)
		}
	}
}

// check checks all lines, a few at a time, and returns the sum.
func check(t *testing.T, a store.Audit, owner string, limit int) tracker.AuditCheck {
	t.Helper()
	var sum tracker.AuditCheck
	for cursor, pages := "", 0; ; pages++ {
		c, err := a.CheckAudit(t.Context(), owner, cursor, limit)
		if err != nil {
			t.Fatal(err)
		}
		if c.Lines > limit || pages > 1000 {
			t.Fatalf("page %d of %d lines, want %d at most", pages, c.Lines, limit)
		}
		c.Lines += sum.Lines
		if sum.From != nil {
			c.From = sum.From
		}
		if c.To == nil {
			c.To = sum.To
		}
		if sum = c; sum.Next == "" {
			return sum
		}
		cursor = sum.Next
	}
}

const auditStream = "rt:owner:2bd806c97f0e00af1a1fc3328fa763a9:audit" // of alice

func TestCheckAudit_Holds(t *testing.T) {
	for name, rdb := range map[string]redis.UniversalClient{"redis": startRedis(t), "miniredis": mini(t)} {
		t.Run(name, func(t *testing.T) {
			a := store.Audit{Store: store.New(rdb, store.Options{})}
			if c := check(t, a, "alice", 3); !c.Holds || c.Lines != 0 || c.From != nil {
				t.Errorf("of no lines: %+v", c)
			}
			writeLines(t, a, "alice", 7)
			for limit := 1; limit < 9; limit++ {
				if c := check(t, a, "alice", limit); !c.Holds || c.Lines != 7 || c.From.Number != 1 || c.To.Number != 7 || c.Broken != nil {
					t.Errorf("%d at a time: %+v", limit, c)
				}
			}
		})
	}
}

func mini(t *testing.T) redis.UniversalClient {
	t.Helper()
	rdb := redis.NewClient(&redis.Options{Addr: miniredis.RunT(t).Addr()})
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

// TestAuditTrail_Hash checks the hashes as a client can, from what a line says.
func TestAuditTrail_Hash(t *testing.T) {
	st, _ := open(t, store.Options{})
	a := store.Audit{Store: st}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := a.Write(t.Context(), "alice", tracker.AuditEvent{At: at, Who: "alice", What: "plan.created", PlanID: "p", Detail: "<a> & b"}); err != nil {
		t.Fatal(err)
	}
	lines, err := a.AuditTrail(t.Context(), "alice", "", time.Time{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := sha256.Sum256([]byte("\n" + `{"at":"2026-01-02T03:04:05Z","detail":"<a> & b","event_id":"` + lines[0].ID + `","number":1,"plan_id":"p","what":"plan.created","who":"alice"}`))
	if lines[0].Hash != hex.EncodeToString(want[:]) || lines[0].Prev != "" {
		t.Errorf("line %+v", lines[0])
	}
}

// tamper is an audit of five lines that somebody changes behind the service's back.
type tamper struct {
	t     *testing.T
	rdb   redis.UniversalClient
	lines []redis.XMessage
}

// put writes the lines anew.
func (x tamper) put(lines ...redis.XMessage) {
	x.t.Helper()
	if err := x.rdb.Del(x.t.Context(), auditStream).Err(); err != nil {
		x.t.Fatal(err)
	}
	for _, l := range lines {
		values := []any{}
		for k, v := range l.Values {
			values = append(values, k, v)
		}
		if err := x.rdb.XAdd(x.t.Context(), &redis.XAddArgs{Stream: auditStream, ID: l.ID, Values: values}).Err(); err != nil {
			x.t.Fatal(err)
		}
	}
}

// line is line i, with fields changed.
func (x tamper) line(i int, id string, fields ...string) redis.XMessage {
	l := redis.XMessage{ID: id, Values: map[string]any{}}
	maps.Copy(l.Values, x.lines[i-1].Values)
	for k := 0; k < len(fields); k += 2 {
		l.Values[fields[k]] = fields[k+1]
	}
	return l
}

// forged is a line that somebody wrote who knows how lines are written, to follow line i.
func (x tamper) forged(i int) redis.XMessage {
	after := x.lines[i-1]
	ms, seq, _ := strings.Cut(after.ID, "-")
	var n int
	if _, err := fmt.Sscan(seq, &n); err != nil {
		x.t.Fatal(err)
	}
	id := fmt.Sprintf("%s-%d", ms, n+1)
	prev := after.Values["h"].(string)
	body := fmt.Sprintf(`{"event_id":"%s","number":%d,"what":"forged"}`, id, i+1)
	sum := sha256.Sum256([]byte(prev + "\n" + body))
	return redis.XMessage{ID: id, Values: map[string]any{"e": body, "p": prev, "h": hex.EncodeToString(sum[:])}}
}

func TestCheckAudit_Finds(t *testing.T) {
	for _, row := range []struct {
		name  string
		do    func(x tamper)
		fault string // its kind, and the number of the line
		at    int    // the line that is named; 0 is none
	}{
		{"changed", func(x tamper) {
			body := strings.Replace(x.lines[2].Values["e"].(string), `"what":"3"`, `"what":"4"`, 1)
			x.put(x.lines[0], x.lines[1], x.line(3, x.lines[2].ID, "e", body), x.lines[3], x.lines[4])
		}, "changed 3", 3},
		{"changed, with its hash", func(x tamper) {
			body := strings.Replace(x.lines[2].Values["e"].(string), `"what":"3"`, `"what":"4"`, 1)
			sum := sha256.Sum256([]byte(x.lines[2].Values["p"].(string) + "\n" + body))
			x.put(x.lines[0], x.lines[1], x.line(3, x.lines[2].ID, "e", body, "h", hex.EncodeToString(sum[:])), x.lines[3], x.lines[4])
		}, "out_of_place 4", 4},
		{"without its hash", func(x tamper) {
			x.put(x.lines[0], x.line(2, x.lines[1].ID, "h", ""), x.lines[2], x.lines[3], x.lines[4])
		}, "not_chained 2", 2},
		{"removed", func(x tamper) { x.put(x.lines[0], x.lines[2], x.lines[3], x.lines[4]) }, "missing 2", 3},
		{"the first removed", func(x tamper) { x.put(x.lines[1:]...) }, "missing 1", 2},
		{"the last removed", func(x tamper) { x.put(x.lines[:4]...) }, "missing 5", 0},
		{"all removed", func(x tamper) { x.put() }, "missing 1", 0},
		{"inserted", func(x tamper) {
			x.put(x.lines[0], x.lines[1], x.forged(2), x.lines[2], x.lines[3], x.lines[4])
		}, "out_of_place 4", 3},
		{"added at the end", func(x tamper) {
			l := x.forged(5)
			if err := x.rdb.XAdd(x.t.Context(), &redis.XAddArgs{Stream: auditStream, ID: l.ID, Values: l.Values}).Err(); err != nil {
				x.t.Fatal(err)
			}
		}, "missing 7", 0},
		{"swapped", func(x tamper) {
			x.put(x.lines[0], x.line(3, x.lines[1].ID), x.line(2, x.lines[2].ID), x.lines[3], x.lines[4])
		}, "changed 2", 2},
		{"what is known of the end is lost", func(x tamper) {
			if err := x.rdb.Del(x.t.Context(), "{"+auditStream+"}:chain").Err(); err != nil {
				x.t.Fatal(err)
			}
		}, "missing 6", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			st, rdb := open(t, store.Options{Now: func() time.Time { // leaves room between lines
				now = now.Add(time.Second)
				return now
			}})
			a := store.Audit{Store: st}
			writeLines(t, a, "alice", 5)
			lines, err := rdb.XRange(t.Context(), auditStream, "-", "+").Result()
			if err != nil || len(lines) != 5 {
				t.Fatalf("%v, %v", lines, err)
			}
			row.do(tamper{t, rdb, lines})
			for _, limit := range []int{1, 2, 100} {
				c := check(t, a, "alice", limit)
				if c.Holds || c.Broken == nil {
					t.Fatalf("it holds: %+v", c)
				}
				if got := fmt.Sprintf("%s %d", c.Broken.Fault, c.Broken.Number); got != row.fault {
					t.Errorf("%d at a time: %s, want %s: %s", limit, got, row.fault, c.Broken.Message)
				}
				if row.at > 0 && c.Broken.ID != lines[row.at-1].ID || row.at == 0 && c.Broken.ID != "" {
					t.Errorf("names line %s", c.Broken.ID)
				}
			}
		})
	}
}

// TestAudit_ManyWriters has processes write at once: each overtakes the others again
// and again.
func TestAudit_ManyWriters(t *testing.T) {
	_, rdb := open(t, store.Options{})
	const processes, each = 8, 100
	var wg sync.WaitGroup
	for p := range processes {
		a := store.Audit{Store: store.New(rdb, store.Options{})}
		for half := range 2 {
			wg.Go(func() {
				for i := range each / 2 {
					if err := a.Write(t.Context(), "alice", tracker.AuditEvent{What: fmt.Sprint(p, half, i)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	a := store.Audit{Store: store.New(rdb, store.Options{})}
	if c := check(t, a, "alice", 1000); !c.Holds || c.Lines != processes*each {
		t.Errorf("%+v", c)
	}
	lines, err := a.AuditTrail(t.Context(), "alice", "", time.Time{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, l := range lines {
		seen[l.What]++
	}
	if len(seen) != processes*each {
		t.Errorf("%d lines that differ, want %d", len(seen), processes*each)
	}
}

// twice runs every script twice, as a client does that did not get the first answer.
type twice struct{}

func (twice) DialHook(next redis.DialHook) redis.DialHook { return next }
func (twice) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (twice) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if strings.HasPrefix(cmd.Name(), "eval") {
			_ = next(ctx, cmd) // the second answer counts
		}
		return next(ctx, cmd)
	}
}

func TestAudit_ScriptRunsTwice(t *testing.T) {
	_, rdb := open(t, store.Options{})
	rdb.AddHook(twice{})
	a := store.Audit{Store: store.New(rdb, store.Options{})}
	writeLines(t, a, "alice", 5)
	for range 2 {
		if err := a.WriteOnce(t.Context(), "alice", "tick", time.Hour, tracker.AuditEvent{What: "6"}); err != nil {
			t.Fatal(err)
		}
	}
	if c := check(t, a, "alice", 100); !c.Holds || c.Lines != 6 {
		t.Errorf("%+v", c)
	}
}

func TestAudit_DropsTheOldest(t *testing.T) {
	for name, rdb := range map[string]redis.UniversalClient{"redis": startRedis(t), "miniredis": mini(t)} {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			a := store.Audit{Store: store.New(rdb, store.Options{AuditRetention: time.Hour, Now: func() time.Time { return now }})}
			writeLines(t, a, "alice", 250)
			now = now.Add(2 * time.Hour)
			// Each line drops a hundred at most.
			for k, want := range []int64{100, 200, 250, 250} {
				writeLines(t, a, "alice", 1)
				c := check(t, a, "alice", 7)
				from := tracker.AuditMark{ID: c.From.ID, Number: want + 1, Hash: c.From.Hash}
				if diff := cmp.Diff(from, *c.From); !c.Holds || c.Dropped != want || diff != "" || c.To.Number != int64(251+k) {
					t.Errorf("%+v", c)
				}
			}
			// The first that is kept has to follow the last that was dropped.
			lines, err := rdb.XRange(t.Context(), auditStream, "-", "+").Result()
			if err != nil {
				t.Fatal(err)
			}
			if err := rdb.XDel(t.Context(), auditStream, lines[0].ID).Err(); err != nil {
				t.Fatal(err)
			}
			if c := check(t, a, "alice", 7); c.Holds || c.Broken.Fault != "missing" || c.Broken.Number != 251 {
				t.Errorf("the first that was kept is removed: %+v", c)
			}
		})
	}
}

// TestAudit_BeforeTheChain has lines that were written before lines were chained.
func TestAudit_BeforeTheChain(t *testing.T) {
	st, rdb := open(t, store.Options{})
	for range 3 {
		if err := rdb.XAdd(t.Context(), &redis.XAddArgs{Stream: auditStream, Values: []any{"e", `{"what":"plain"}`}}).Err(); err != nil {
			t.Fatal(err)
		}
	}
	a := store.Audit{Store: st}
	writeLines(t, a, "alice", 2)
	lines, err := a.AuditTrail(t.Context(), "alice", "", time.Time{}, 10)
	if c := check(t, a, "alice", 1); !c.Holds || c.Lines != 2 || len(lines) != 5 || err != nil {
		t.Errorf("%+v, %d lines, %v", c, len(lines), err)
	}
}

// TestAudit_OneSlot checks that the keys of an audit may be changed by one script on a
// Redis Cluster: what is in braces is what their hash slot is of.
func TestAudit_OneSlot(t *testing.T) {
	st, rdb := open(t, store.Options{})
	a := store.Audit{Store: st}
	if err := a.WriteOnce(t.Context(), "alice", "x{y}", time.Hour, tracker.AuditEvent{What: "1"}); err != nil {
		t.Fatal(err)
	}
	keys, err := rdb.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) != 3 {
		t.Fatalf("%v, %v", keys, err)
	}
	for _, key := range keys {
		if _, after, ok := strings.Cut(key, "{"); ok {
			key, _, _ = strings.Cut(after, "}")
		}
		if key != auditStream {
			t.Errorf("a key has the hash tag %q", key)
		}
	}
}
