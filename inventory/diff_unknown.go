package inventory

import (
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// UnknownCells are the cells of which it is not known what has changed in them.
type UnknownCells struct {
	Cells  int            `json:"cells" doc:"How many cells are not known"`
	Known  int            `json:"cells_known" doc:"How many cells were seen to their end both times"`
	By     map[string]int `json:"by_reason" doc:"How many there are for each reason"`
	Listed []UnknownCell  `json:"list" doc:"The first of them, as many as unknown_limit allows"`
}

// UnknownCell is a cell of which it is not known what has changed in it.
type UnknownCell struct {
	tracker.Cell
	Reason  string          `json:"reason" enum:"new,not_seen,not_looked" doc:"new: it was not seen to its end before the first time. not_seen: every look at it since the first time has failed. not_looked: no scan has looked at it since"`
	Outcome tracker.Outcome `json:"outcome,omitempty" doc:"How the last look at it ended; absent where there was none in what is compared"`
	Seen    *time.Time      `json:"last_seen" doc:"When it was last seen to its end; null is never"`
}

// The reasons.
const (
	reasonNew       = "new"
	reasonNotSeen   = "not_seen"
	reasonNotLooked = "not_looked"
)

// Unknowns sums up the unknown cells, and lists the first.
func Unknowns(c *history.Comparison, most int) UnknownCells {
	u := UnknownCells{Cells: len(c.Unknown), Known: c.Known, By: map[string]int{}, Listed: []UnknownCell{}}
	for i, cell := range c.Unknown {
		reason := reasonOf(cell)
		u.By[reason]++
		if i < most {
			one := UnknownCell{Cell: cell.Cell, Reason: reason, Outcome: cell.Outcome}
			if seen := max(cell.Seen, cell.Before); seen > 0 {
				one.Seen = new(time.UnixMilli(seen).UTC())
			}
			u.Listed = append(u.Listed, one)
		}
	}
	return u
}

func reasonOf(u history.Unknown) string {
	switch {
	case u.Looked > u.Before && u.Outcome != "" && !u.Outcome.Complete():
		return reasonNotSeen
	case u.Before == 0:
		return reasonNew
	}
	return reasonNotLooked
}
