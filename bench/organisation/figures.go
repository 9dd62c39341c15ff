package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/bench/internal/wire"
	"github.com/consolesensei/resource-tracker/tracker"
)

// figures are what one scan took.
type figures struct {
	setup setup
	id    string
	job   tracker.Job
	took  time.Duration
	// finish is how much of it came after the last cell.
	finish                     time.Duration
	callsBefore, calls         wire.Tally
	before, after              parts
	machine                    machine
	redisBefore, redis         []memory // by master
	peaks                      []int64  // bytes, by master
	kinds                      []kindOfKeys
	latencies                  []time.Duration // of the oldest waiting task
	answers                    []time.Duration // to GET /jobs/{id}
	killed                     int
	known, found               int
	distinctFound              int
	regionsSeen                map[string]bool // "account/region"
	answerBytes, coverageBytes int64
	coverageTook               time.Duration
	resultTook, pagesTook      time.Duration
	pages                      int
}

// parts are the CPU and the peak memory of each part.
type parts struct {
	api, aws, redis, self time.Duration
	workers               []time.Duration
	apiPeak               int64
	workerPeaks           []int64
}

func partsOf(s *lab.System, cloud aws) (p parts, err error) {
	read := func(of *lab.Process) time.Duration {
		d, err2 := of.CPU()
		if err2 != nil {
			err = err2
		}
		return d
	}
	peak := func(of *lab.Process) int64 {
		n, err2 := of.PeakRSS()
		if err2 != nil {
			err = err2
		}
		return n
	}
	p.api, p.aws, p.apiPeak = read(s.API), read(cloud.Process), peak(s.API)
	self, _, err2 := lab.Rusage(syscall.RUSAGE_SELF)
	if err2 != nil {
		err = err2
	}
	p.self = self
	for _, m := range s.Masters {
		p.redis += read(m)
	}
	for _, w := range s.Workers {
		p.workers, p.workerPeaks = append(p.workers, read(w)), append(p.workerPeaks, peak(w))
	}
	return p, err
}

func (p parts) all() time.Duration {
	all := p.api + p.aws + p.redis + p.self
	for _, w := range p.workers {
		all += w
	}
	return all
}

// cpu is what all parts computed for the scan.
func (f *figures) cpu() time.Duration { return f.after.all() - f.before.all() }

func (f *figures) workersCPU() (all time.Duration) {
	for i := range f.after.workers {
		all += f.after.workers[i] - f.before.workers[i]
	}
	return all
}

// machine is how long the cores of the machine were busy, and how long they could be.
type machine struct{ busy, all time.Duration }

func (m machine) less(o machine) machine { return machine{m.busy - o.busy, m.all - o.all} }

func machineTime() (m machine) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return m
	}
	line, _, _ := strings.Cut(string(b), "\n")
	for i, f := range strings.Fields(line)[1:] {
		n, _ := strconv.ParseInt(f, 10, 64)
		t := time.Duration(n) * 10 * time.Millisecond
		if i >= 8 { // guests, which are counted before
			break
		}
		m.all += t
		if i != 3 && i != 4 { // idle, and waiting for a disk
			m.busy += t
		}
	}
	return m
}

// check reads the result in all ways, and compares it with what there is.
func (f *figures) check(ctx context.Context, s *lab.System) error {
	f.known = f.setup.organization().Holds(f.setup.types)
	f.regionsSeen = map[string]bool{}
	keys := map[string]struct{}{}
	began := time.Now()
	err := s.Client.Resources(ctx, f.id, func(r tracker.Resource) {
		f.found++
		keys[r.AccountID+"/"+r.Region+"/"+string(r.Type)+"/"+r.ID] = struct{}{}
		if r.Region != tracker.Global {
			f.regionsSeen[r.AccountID+"/"+r.Region] = true
		}
	})
	if err != nil {
		return err
	}
	f.distinctFound, f.resultTook = len(keys), time.Since(began)
	if f.answerBytes, _, err = size(ctx, s, "/api/v1/jobs/"+f.id); err != nil {
		return err
	}
	if f.coverageBytes, f.coverageTook, err = size(ctx, s, "/api/v1/jobs/"+f.id+"/coverage"); err != nil {
		return err
	}
	return f.page(ctx, s)
}

// page reads the result a thousand rows at a time, and counts the pages.
func (f *figures) page(ctx context.Context, s *lab.System) error {
	began, rows, cursor := time.Now(), 0, ""
	for {
		resp, err := s.Client.Do(ctx, http.MethodGet, "/api/v1/jobs/"+f.id+"/resources?limit=1000&cursor="+cursor, "", "application/json", nil)
		if err != nil {
			return err
		}
		var page struct {
			Resources []json.RawMessage `json:"resources"`
			Next      string            `json:"next_cursor"`
		}
		err = json.NewDecoder(resp.Body).Decode(&page)
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
		f.pages++
		rows += len(page.Resources)
		if cursor = page.Next; cursor == "" {
			f.pagesTook = time.Since(began)
			if rows != f.found {
				return fmt.Errorf("%d pages have %d rows, the result %d", f.pages, rows, f.found)
			}
			return nil
		}
	}
}

// size reads an answer and returns its length and how long it took.
func size(ctx context.Context, s *lab.System, path string) (int64, time.Duration, error) {
	began := time.Now()
	resp, err := s.Client.Do(ctx, http.MethodGet, path, "", "application/json", nil)
	if err != nil {
		return 0, 0, err
	}
	defer resp.Body.Close()
	n, err := io.Copy(io.Discard, resp.Body)
	return n, time.Since(began), err
}

const mib = 1 << 20

func (f *figures) print() {
	o := f.setup
	row("organisation", "%d accounts × %d regions, %d types, %d cells, %d workers, %s, %v a call", o.accounts, o.regions, len(o.types), o.cells(), o.workers,
		map[bool]string{true: "one Redis", false: fmt.Sprint(o.masters, " masters")}[o.masters == 0], o.latency)
	row("scan", "%s, %d resources found of %d known, %.1f s, %.1f s of it after the last cell; %d workers killed", f.job.State, f.distinctFound, f.known,
		f.took.Seconds(), f.finish.Seconds(), f.killed)
	made := f.calls.All - f.callsBefore.All
	row("calls", "%d made, %d ideal (none twice): %.3f times; %d throttled", made, f.distinct(), float64(made)/float64(f.distinct()), f.calls.Throttled)
	row("calls by operation", "%s", counted(f.calls.Calls))
	waiting, computing := f.ideal()
	least := max(waiting, computing)
	row("least time", "%.1f s waiting (%d calls at once), %.1f s computing (%d cores): %.0f %% of ideal", waiting.Seconds(), o.concurrency(),
		computing.Seconds(), runtime.NumCPU(), 100*least.Seconds()/f.took.Seconds())
	row("machine", "busy %.0f %% of the time, of which these programs %.0f %%", 100*f.machine.busy.Seconds()/f.machine.all.Seconds(),
		100*f.cpu().Seconds()/f.machine.all.Seconds())
	row("workers", "%.1f core-s, %.2f ms a call, %.1f ms a region of an account; peak RSS %s MiB", f.workersCPU().Seconds(),
		f.workersCPU().Seconds()*1000/float64(made), f.workersCPU().Seconds()*1000/float64(o.accounts*o.regions), mibs(f.after.workerPeaks))
	row("API", "%.1f core-s while it scanned, peak RSS %d MiB", (f.after.api - f.before.api).Seconds(), f.after.apiPeak/mib)
	row("Redis, CPU", "%.1f core-s; AWS on the wire %.1f", (f.after.redis - f.before.redis).Seconds(), (f.after.aws - f.before.aws).Seconds())
	row("queue, oldest waiting task", "p50 %v, p99 %v of %d samples", percentile(f.latencies, 50), percentile(f.latencies, 99), len(f.latencies))
	row("GET /jobs/{id}", "%d bytes; p50 %v, p99 %v while it ran", f.answerBytes, percentile(f.answers, 50), percentile(f.answers, 99))
	row("coverage", "%.1f MiB in %.1f s", float64(f.coverageBytes)/mib, f.coverageTook.Seconds())
	row("result", "streamed in %.1f s; paged by 1,000 in %.1f s, %.0f ms a page", f.resultTook.Seconds(), f.pagesTook.Seconds(),
		f.pagesTook.Seconds()*1000/float64(f.pages))
	f.printRedis()
}

func mibs(peaks []int64) string {
	var s []string
	for _, n := range peaks {
		s = append(s, strconv.FormatInt(n/mib, 10))
	}
	return strings.Join(s, ", ")
}

func percentile(of []time.Duration, p int) time.Duration {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	return sorted[min(len(sorted)-1, len(sorted)*p/100)].Round(time.Millisecond)
}

func counted(calls map[string]int) string {
	var s []string
	for _, api := range slices.SortedFunc(maps.Keys(calls), func(a, b string) int { return calls[b] - calls[a] }) {
		s = append(s, fmt.Sprint(api, " ", calls[api]))
	}
	return strings.Join(s, ", ")
}
