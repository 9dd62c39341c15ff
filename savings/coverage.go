package savings

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Coverage tells how the cells of a scan ended.
type Coverage struct {
	outcomes map[tracker.Cell]tracker.Outcome
	types    map[tracker.Type]seen
}

// seen counts the cells of one type.
type seen struct {
	cells, failed int
	last          tracker.Outcome // of one that failed
}

// CoverageOf returns the Coverage of a job's cells.
func CoverageOf(cells []tracker.CellReport) Coverage {
	c := Coverage{make(map[tracker.Cell]tracker.Outcome, len(cells)), map[tracker.Type]seen{}}
	for _, cell := range cells {
		c.outcomes[cell.Cell] = cell.Outcome
		s := c.types[cell.Type]
		s.cells++
		if !cell.Outcome.Complete() {
			s.failed++
			s.last = cell.Outcome
		}
		c.types[cell.Type] = s
	}
	return c
}

// gapOf says why a fact cannot be relied on for r; empty: it can.
func (c Coverage) gapOf(f *Fact, r tracker.Resource) string {
	if f.only != "" && f.only != r.Type {
		return ""
	}
	if why := c.gap(tracker.Cell{AccountID: r.AccountID, Region: r.Region, Type: f.of}); why != "" || !f.across {
		return why
	}
	reasons, _ := c.unseen([]tracker.Type{f.of})
	return strings.Join(reasons, "; ")
}

// gap says why a cell cannot be relied on to have been seen; empty: it can.
func (c Coverage) gap(cell tracker.Cell) string {
	outcome, scanned := c.outcomes[cell]
	switch {
	case !scanned:
		return fmt.Sprintf("%s was not scanned", cell.Type)
	case outcome == "":
		return fmt.Sprintf("the scan of %s has not ended", cell.Type)
	case !outcome.Complete():
		return fmt.Sprintf("the scan of %s ended as %s", cell.Type, outcome)
	}
	return ""
}

// unseen says what of some types the scan did not see: nothing at all of any of
// them, or not all.
func (c Coverage) unseen(types []tracker.Type) (reasons []string, nothing bool) {
	nothing = true
	for _, t := range types {
		s := c.types[t]
		switch {
		case s.cells == 0:
			reasons = append(reasons, fmt.Sprintf("%s was not scanned", t))
		case s.failed > 0:
			reasons = append(reasons, fmt.Sprintf("%d of %d scans of %s did not end well, one as %s", s.failed, s.cells, t, cmp.Or(s.last, "not ended yet")))
			nothing = nothing && s.failed == s.cells
		default:
			nothing = false
		}
	}
	return reasons, nothing
}
