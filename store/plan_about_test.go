package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// about lists the items of alice's plans that are about an instance, as plan/item.
func (f planFixture) about(owner, id string) string {
	f.t.Helper()
	var all []string
	for cursor := ""; ; {
		page, next, err := f.s.PlansAbout(f.t.Context(), owner, "", "EC2_Instance", id, cursor, 1)
		f.must(err)
		for _, a := range page {
			all = append(all, fmt.Sprintf("%s/%d", a.Plan.ID, a.Item.Index))
		}
		if cursor = next; cursor == "" {
			return strings.Join(all, " ")
		}
	}
}

func TestPlansAbout(t *testing.T) {
	f := planned(t, 3, false, nil)
	second := f
	second.id = "q"
	now := time.Now().Add(time.Second)
	second.s = store.Plans{Store: store.New(f.rdb, store.Options{Now: func() time.Time { return now }})}
	second.create(2)
	second.freeze(frozenOf("run", 2, false, nil))
	for _, is := range []struct{ owner, id, want string }{
		{"alice", "i-1", "q/1 p/1"},
		{"alice", "I-1", "q/1 p/1"},
		{"alice", "i-2", "p/2"},
		{"alice", "i-3", ""},
		{"mallory", "i-1", ""},
	} {
		if got := f.about(is.owner, is.id); got != is.want {
			t.Errorf("about %s of %s: %q, not %q", is.id, is.owner, got, is.want)
		}
	}
	f.rdb.Del(t.Context(), "rt:{q}:pm")
	if got := f.about("alice", "i-1"); got != "p/1" {
		t.Errorf("after a plan has expired: %q", got)
	}
}

// A plan that is frozen is on the lists of its items, whichever run froze it; what a run
// that died has listed besides is dropped.
func TestPlansAbout_AfterARunThatDied(t *testing.T) {
	f := planning(t, 5)
	dead := frozenOf("dead", 5, false, nil)
	if ok, err := f.s.PutItems(t.Context(), "p", dead); !ok || err != nil {
		t.Fatal(ok, err)
	}
	f.must(f.s.ListAbout(t.Context(), "p", dead.Items))
	next := frozenOf("next", 2, false, nil)
	next.Items[0].ResourceID = "i-9"
	if !f.freeze(next) {
		t.Fatal("not frozen")
	}
	for id, want := range map[string]string{"i-9": "p/0", "i-1": "p/1", "i-0": "", "i-4": ""} {
		if got := f.about("alice", id); got != want {
			t.Errorf("about %s: %q, not %q", id, got, want)
		}
	}
	f.must(f.s.ListAbout(t.Context(), "p", []store.FrozenItem{{PlanItem: tracker.PlanItem{Index: 1, ActionItem: next.Items[1].ActionItem}}}))
	if got := f.about("alice", "i-1"); got != "p/1" {
		t.Errorf("listed twice: %q", got)
	}
	for _, key := range f.rdb.Keys(t.Context(), "rt:owner:*:about:*").Val() {
		if f.rdb.PTTL(t.Context(), key).Val() <= 0 {
			t.Errorf("%s is kept for ever", key)
		}
	}
}
