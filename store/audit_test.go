package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestAudit(t *testing.T) {
	st, _ := open(t, store.Options{})
	a := store.Audit{Store: st}
	for i := range 5 {
		if err := a.Write(t.Context(), "alice", tracker.AuditEvent{PlanID: "p", What: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
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
	if got != "01234" {
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
