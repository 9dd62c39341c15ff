package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

// quiet is how long nothing may be heard of a scan before the progress says so.
const quiet = 5 * time.Second

// progress is what is known of a running scan.
type progress struct {
	job     string
	state   string
	waiting bool // for a worker
	began   time.Time
	heard   time.Time
	closed  map[client.Cell]bool // the cells that are known, and whether they have closed
	regions map[string]*region
	told    map[string]bool // the regions that were reported as complete
	bar     [2]string       // what is done, and what is not
}

// region is a region's share of it.
type region struct {
	name             string
	cells, closed    int
	resources, fails int
}

func newProgress(job string, began time.Time, utf8 bool) *progress {
	p := &progress{job: job, state: "queued", began: began, heard: began, closed: map[client.Cell]bool{}, regions: map[string]*region{}, told: map[string]bool{}, bar: [2]string{"#", "."}}
	if utf8 {
		p.bar = [2]string{"█", "░"}
	}
	return p
}

// at takes up how the job stands.
func (p *progress) at(job *client.JobItem, now time.Time) {
	p.state, p.waiting, p.heard = job.State, job.WaitingFor == "worker", now
	if job.StartedAt != nil {
		p.began = *job.StartedAt
	}
}

// cover begins anew with all cells of the job.
func (p *progress) cover(cells []client.CellReport) {
	clear(p.closed)
	clear(p.regions)
	for _, c := range cells {
		p.cell(c)
	}
}

// close takes up cells that have closed, and tells whether some of them were not known.
func (p *progress) close(cells []client.CellReport, now time.Time) (unknown bool) {
	p.heard = now
	for _, c := range cells {
		if _, ok := p.closed[key(c)]; !ok {
			unknown = true
		}
		p.cell(c)
	}
	return unknown
}

func key(c client.CellReport) client.Cell {
	return client.Cell{AccountID: c.AccountID, Region: c.Region, ResourceType: c.ResourceType}
}

// cell takes up one cell. That of all regions stands for finding out which there are.
func (p *progress) cell(c client.CellReport) {
	if c.Region == "*" {
		return
	}
	closed, known := p.closed[key(c)]
	name := strings.TrimSpace(c.AccountID + " " + cmp.Or(c.Region, "global"))
	r := p.regions[name]
	if r == nil {
		r = &region{name: name}
		p.regions[name] = r
	}
	if !known {
		r.cells++
	}
	p.closed[key(c)] = !open(c.Outcome)
	if open(c.Outcome) || closed {
		return
	}
	r.closed++
	r.resources += c.Resources
	if c.Outcome != "ok" && c.Outcome != "empty" {
		r.fails++
	}
}

// complete are the regions whose last cell has closed since it was asked last, by name.
func (p *progress) complete() []*region {
	var out []*region
	for name, r := range p.regions {
		if r.closed == r.cells && !p.told[name] {
			p.told[name] = true
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *region) int { return cmp.Compare(a.name, b.name) })
	return out
}

// sum is all regions together.
func (p *progress) sum() region {
	var all region
	for _, r := range p.regions {
		all.cells += r.cells
		all.closed += r.closed
		all.resources += r.resources
		all.fails += r.fails
	}
	return all
}

// head is the line that says how the scan stands.
func (p *progress) head(now time.Time) string {
	all := p.sum()
	what := "Scanning"
	switch {
	case p.waiting:
		return fmt.Sprintf("Scan %s waits for a worker, and none is alive: start one, and it goes on", p.job)
	case p.state == "queued":
		what = "Queued"
	case p.state == "finalizing":
		what = "Looking for savings"
	}
	out := what
	if all.cells > 0 {
		out = fmt.Sprintf("%s: %d %% of %s, %s%s", what, 100*all.closed/all.cells, plural(all.cells, "cell"), plural(all.resources, "resource"), failed(all.fails))
	}
	out += ", " + short(now.Sub(p.began).Truncate(time.Second/10))
	if silent := now.Sub(p.heard); silent > quiet {
		out += fmt.Sprintf("; no news for %s, still trying", short(silent.Truncate(time.Second)))
	}
	return out
}

func failed(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d not seen", n)
}

// lines are the progress as a terminal shows it: at most so high, and no line wider than it is.
func (p *progress) lines(width, height int, now time.Time) []string {
	rows := make([]*region, 0, len(p.regions))
	accounts := map[string]bool{}
	for _, r := range p.regions {
		rows = append(rows, r)
		account, _, _ := strings.Cut(r.name, " ")
		accounts[account] = true
	}
	// What runs comes first, then what waits, then what is done: the last goes first for lack of room.
	slices.SortFunc(rows, func(a, b *region) int { return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.name, b.name)) })
	label := 0
	name := func(r *region) string {
		if len(accounts) == 1 {
			_, only, _ := strings.Cut(r.name, " ")
			return only
		}
		return r.name
	}
	for _, r := range rows {
		label = max(label, output.Width(name(r)))
	}
	room := max(0, height-3)
	shown := rows[:min(room, len(rows))]
	// Those that are shown stay in their places as far as can be.
	slices.SortFunc(shown, func(a, b *region) int { return cmp.Compare(a.name, b.name) })
	out := []string{output.Cut(p.head(now), width)}
	bar := min(40, max(8, width-label-38))
	for _, r := range shown {
		full := 0
		if r.cells > 0 {
			full = bar * r.closed / r.cells
		}
		line := fmt.Sprintf("  %s %s%s %4d/%-4d %s%s", output.Pad(name(r), label, false), strings.Repeat(p.bar[0], full), strings.Repeat(p.bar[1], bar-full),
			r.closed, r.cells, plural(r.resources, "resource"), failed(r.fails))
		out = append(out, output.Cut(output.Clean(line), width))
	}
	if more := len(rows) - len(shown); more > 0 {
		out = append(out, output.Cut(fmt.Sprintf("  and %s", plural(more, "region")), width))
	}
	return out
}

// rank orders regions: those that run, those that have not begun, those that are done.
func (r *region) rank() int {
	switch r.closed {
	case r.cells:
		return 2
	case 0:
		return 1
	default:
		return 0
	}
}

// open tells of an outcome that it is none yet.
func open(outcome string) bool { return outcome == "" || outcome == "open" }
