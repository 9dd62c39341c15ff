package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

const (
	// redraws is how often the progress is drawn.
	redraws = 200 * time.Millisecond
	// recount is the least time between two looks at all cells.
	recount = time.Second
	// patience is how long such a look may keep the progress from being drawn.
	patience = 3 * time.Second
)

// follow shows the progress of a scan until it has ended: redrawn on a terminal, else a line for each region.
func (e *env) follow(t *client.Tracker, job string) error {
	ctx, cancel := context.WithCancel(e.ctx)
	type news struct {
		event client.JobEvent
		err   error
	}
	events := make(chan news)
	go func() {
		defer close(events)
		for event, err := range t.Follow(ctx, job) {
			select {
			case events <- news{event, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	defer func() {
		cancel()
		for range events { // until the goroutine has ended
		}
	}()

	charset := cmp.Or(e.getenv("LC_ALL"), e.getenv("LC_CTYPE"), e.getenv("LANG"))
	s := &screen{e: e, stale: true, p: newProgress(job, time.Now(), strings.Contains(strings.ToUpper(charset), "UTF"))}
	defer s.clear()
	tick := time.NewTicker(redraws)
	defer tick.Stop()
	for {
		select {
		case n, ok := <-events:
			switch {
			case !ok:
				return ctx.Err()
			case n.err != nil:
				return n.err
			case n.event.Done != nil:
				s.end(ctx, t)
				return nil
			}
			s.take(ctx, t, n.event)
		case <-tick.C:
			s.draw()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// screen is where the progress is shown.
type screen struct {
	e     *env
	p     *progress
	drawn []string  // the lines that the terminal shows
	asked time.Time // when all cells were looked at last
	stale bool      // whether some are not known
	told  bool      // that it waits for a worker
}

// take takes up an event. Cells that nobody knew are a reason to look at all of them: the regions of an account are
// known once it has been asked for them.
func (s *screen) take(ctx context.Context, t *client.Tracker, event client.JobEvent) {
	now := time.Now()
	if event.Job != nil {
		s.p.at(event.Job, now)
		s.stale = s.stale || event.Job.Progress.CellsTotal != len(s.p.closed)
	}
	s.stale = s.p.close(event.Cells, now) || s.stale
	if s.stale && now.Sub(s.asked) > recount {
		s.asked = now
		s.stale = !s.look(ctx, t)
	}
	if s.live() {
		return
	}
	if s.p.waiting && !s.told {
		s.told = true
		s.e.note("%s", s.p.head(now))
	}
	s.tell()
}

// tell prints the regions that are complete, unless not all cells of them are known.
func (s *screen) tell() {
	if s.stale {
		return
	}
	for _, r := range s.p.complete() {
		s.e.note("%s: %s, %s%s", r.name, plural(r.cells, "cell"), plural(r.resources, "resource"), failed(r.fails))
	}
}

// end tells of the last regions.
func (s *screen) end(ctx context.Context, t *client.Tracker) {
	if s.live() {
		return
	}
	s.stale = s.stale && !s.look(ctx, t)
	s.tell()
}

// look looks at all cells. Where the server does not answer at once, the next event is soon enough.
func (s *screen) look(ctx context.Context, t *client.Tracker) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all, err := t.GetCoverage(ctx, s.p.job, nil)
	if err != nil {
		return false
	}
	s.p.cover(all.Cells)
	return true
}

// live tells whether the progress is redrawn in place.
func (s *screen) live() bool {
	_, _, ok := size(s.e.stderr)
	return ok && s.e.getenv("TERM") != "dumb"
}

// draw shows the progress in place of what was drawn before.
func (s *screen) draw() {
	if !s.live() {
		return
	}
	width, height, _ := size(s.e.stderr)
	lines := s.p.lines(width, height, time.Now())
	var b strings.Builder
	b.WriteString(s.back(width))
	for i, line := range lines {
		if i == 0 {
			line = output.Paint(s.e.colored(s.e.stderr), output.Bold, line)
		}
		b.WriteString(line + "\x1b[K\n")
	}
	b.WriteString("\x1b[J")
	fmt.Fprint(s.e.stderr, b.String())
	s.drawn = lines
}

// clear takes the progress off the terminal.
func (s *screen) clear() {
	if len(s.drawn) == 0 {
		return
	}
	width, _, _ := size(s.e.stderr)
	fmt.Fprint(s.e.stderr, s.back(width)+"\x1b[J")
	s.drawn = nil
}

// back moves to where the drawing began. A terminal that has become narrower shows a line in several.
func (s *screen) back(width int) string {
	rows := 0
	for _, line := range s.drawn {
		rows += max(1, (output.Width(line)+width-1)/max(width, 1))
	}
	if rows == 0 {
		return "\r"
	}
	return fmt.Sprintf("\x1b[%dA\r", rows)
}
