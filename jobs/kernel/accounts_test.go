package kernel

import (
	"context"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

type anyKey struct{}

func (anyKey) Open([]byte, ...tracker.SealedFor) (tracker.Credentials, error) {
	return tracker.Credentials{AccessKeyID: "AKIA"}, nil
}

// TestAccounts_Prune: of a job that goes on, an account is dropped that nobody enters any
// more, and is opened again for whoever does.
func TestAccounts_Prune(t *testing.T) {
	t.Parallel()
	st := store.New(redistest.Start(t).Client(t), store.Options{})
	if _, err := st.Submit(t.Context(), tracker.Submission{Owner: "alice", Lane: tracker.LaneInteractive, JobID: "j", Sealed: []byte("sealed")}, []string{"self"}, time.Hour); err != nil {
		t.Fatal(err)
	}
	opened := 0
	a := &Accounts{Store: st, Opener: anyKey{}, Open: func(context.Context, tracker.Credentials) (Account, error) {
		opened++
		return struct{ Account }{}, nil
	}}
	enter := func(account string) {
		t.Helper()
		ref := tracker.AccountRef{RoleARN: "arn:aws:iam::" + account + ":role/r"}
		if _, err := a.Assumed(t.Context(), Holder{ID: "j", Tenant: "alice", Kind: tracker.SealJob}, account, ref); err != nil {
			t.Fatal(err)
		}
	}
	busy := func(string) bool { return true }
	enter("111111111111")
	enter("222222222222")
	a.Prune(time.Hour, busy)
	enter("111111111111")
	if opened != 2 {
		t.Errorf("opened %d times, want 2: both were in use lately", opened)
	}
	a.opened["j"].byAccount["222222222222"].used = time.Now().Add(-time.Hour)
	a.Prune(time.Minute, busy)
	enter("111111111111")
	enter("222222222222")
	if opened != 3 {
		t.Errorf("opened %d times, want 3: one was not in use", opened)
	}
	a.Prune(-time.Second, func(string) bool { return false })
	if len(a.opened) > 0 {
		t.Error("a job that has no work here is still open")
	}
}
