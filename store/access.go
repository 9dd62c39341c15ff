package store

import (
	"context"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// The fields of a job's meta that an access check notes of each account.
const (
	callerField      = "caller:"      // + account: the caller's ARN
	simulatedField   = "simulated:"   // + account: set when IAM was asked
	unsimulatedField = "unsimulated:" // + account: why IAM could not be asked
)

// noteMeta sets a field of a job. Run twice, it does so twice; a job that has
// expired stays gone.
//
// ARGV: field, value   Returns 1 | 0
var noteMeta = script(`
if call("EXISTS", M) == 0 then return 0 end
call("HSET", M, ARGV[1], ARGV[2])
return 1
`)

// NoteCaller keeps who the credentials of a job are in an account.
func (s *Store) NoteCaller(ctx context.Context, job, account, arn string) error {
	return s.note(ctx, job, callerField+account, arn)
}

// NoteSimulation keeps that IAM was asked about a region of an account, or the
// reason why it could not be.
func (s *Store) NoteSimulation(ctx context.Context, job, account, reason string) error {
	if reason == "" {
		return s.note(ctx, job, simulatedField+account, "1")
	}
	return s.note(ctx, job, unsimulatedField+account, reason)
}

func (s *Store) note(ctx context.Context, job, field, value string) error {
	return wrap(noteMeta.Run(ctx, s.rdb, jobKeys(job), field, value).Err(), "note %s of job %s", field, job)
}

// callers reads what was noted, ordered by account.
func callers(meta map[string]string) []tracker.Caller {
	var all []tracker.Caller
	for field, arn := range meta {
		account, ok := strings.CutPrefix(field, callerField)
		if !ok {
			continue
		}
		c := tracker.Caller{AccountID: account, ARN: arn, Method: tracker.CheckProbe, Reason: meta[unsimulatedField+account]}
		if c.Reason == "" && meta[simulatedField+account] != "" {
			c.Method = tracker.CheckSimulation
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b tracker.Caller) int { return strings.Compare(a.AccountID, b.AccountID) })
	return all
}
