package actions

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Every step that may be sent again has one of these bounds. They hold from its first
// call on, through the death of workers.
var (
	// briefly is of a step that is done by one call, unless what AWS shows is older than
	// the call. The pauses between ten idle calls add up to some minutes.
	briefly = tracker.Repeats{For: 10 * time.Minute, Idle: 10}
	// emptying is of a step that goes on bit by bit: a large bucket has thousands of
	// batches.
	emptying = tracker.Repeats{For: 48 * time.Hour, Idle: 10}
)

// namedTroubles is how many things are named of those that AWS would not change.
const namedTroubles = 5

// trouble is one thing that AWS would not change, and why.
type trouble struct{ what, code, message string }

// passingCodes are AWS's words for what it may do when it is asked again (S3 API
// Reference, error responses).
var passingCodes = []string{"InternalError", "OperationAborted", "RequestTimeout", "ServiceUnavailable", "SlowDown"}

// changes is what one call has changed, of many things, and what it has not.
type changes struct {
	left     map[string]string
	changed  int
	of       string // what they are
	troubles []trouble
}

// note writes c into the receipt of the call.
func (c changes) note(r *tracker.Receipt) {
	r.Left, r.Changed = c.left, c.changed
	if len(c.troubles) == 0 {
		return
	}
	var said []string
	for _, t := range c.troubles[:min(len(c.troubles), namedTroubles)] {
		said = append(said, fmt.Sprintf("%s (%s: %s)", t.what, t.code, t.message))
	}
	r.Trouble = fmt.Sprintf("%d %s were not deleted: %s", len(c.troubles), c.of, strings.Join(said, ", "))
	if more := len(c.troubles) - len(said); more > 0 {
		r.Trouble += fmt.Sprintf(" and %d more", more)
	}
	r.Final = slices.ContainsFunc(c.troubles, func(t trouble) bool { return !slices.Contains(passingCodes, t.code) })
}
