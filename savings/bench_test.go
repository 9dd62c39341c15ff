package savings_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

// BenchmarkEvaluation notes and judges a hundred thousand resources of the types
// that have most rules and facts.
func BenchmarkEvaluation(b *testing.B) {
	const n = 100_000
	rs := make([]tracker.Resource, n)
	for i := range rs {
		id := fmt.Sprintf("%08d", i)
		switch i % 5 {
		case 0:
			rs[i] = instance("i-"+id, "m5.large", "running")
		case 1, 2:
			rs[i] = volume("gp2", 100, 300, 30, fmt.Sprintf("i-%08d", i/5*5))
		case 3:
			rs[i] = snapshot("snap-"+id, "vol-"+id, 365)
		default:
			rs[i] = logs("Never expire", 10, 300)
		}
		rs[i].Cost = new(list{}.Cost(rs[i]))
	}
	coverage := savings.CoverageOf(everything())
	b.ReportAllocs()
	var held uint64
	for b.Loop() {
		before := heap()
		e, err := savings.New(savings.Options{Prices: list{}, After: actions.After, Refused: refused, Now: now, Coverage: coverage})
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range rs {
			e.Note(r)
		}
		held = heap() - before
		for _, r := range rs {
			e.Find(r, nil)
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "resources/s")
	b.ReportMetric(float64(held)/n, "B-held/resource")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
