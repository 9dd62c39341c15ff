package trends

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func day(text string) int64 {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return DayOf(t)
}

// series is of days that were all looked at, and ends on a day.
func series(last int64, values ...float64) Series {
	s := Series{First: last - int64(len(values)) + 1, Values: values, Observed: make([]bool, len(values))}
	for i := range s.Observed {
		s.Observed[i] = true
	}
	return s
}

func repeat(v float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func TestCollector(t *testing.T) {
	var keys []string
	c := NewCollector(100, 103, 1, func(l Line) { keys = append(keys, l.Key) })
	c.Add("a", 100, Day{Resources: 1, Cost: 10})
	c.Add("a", 102, Day{Resources: 2, Unpriced: 1, Cost: 20})
	c.Add("b", 101, Day{Resources: 1, Cost: 5})
	c.Add("c", 103, Day{Resources: 1, Cost: 1})
	got := c.Lines()
	want := Lines{
		First: 100,
		Total: []Day{{1, 0, 10}, {2, 0, 15}, {3, 1, 25}, {4, 1, 26}},
		Top:   []Line{{"a", []Day{{1, 0, 10}, {1, 0, 10}, {2, 1, 20}, {2, 1, 20}}}},
		Other: []Day{{}, {1, 0, 5}, {1, 0, 5}, {2, 0, 6}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if fmt.Sprint(keys) != "[a b c]" {
		t.Error(keys)
	}
}

// TestCollector_Sums holds that the top and the others are the total, whatever the keys.
func TestCollector_Sums(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 1))
	for range 200 {
		c := NewCollector(10, 30, 1+random.IntN(4), nil)
		for k := range random.IntN(9) {
			for d := int64(10 + random.IntN(5)); d < 30; d += 1 + int64(random.IntN(6)) {
				c.Add(fmt.Sprint(k), d, Day{random.Int64N(50), random.Int64N(5), random.Int64N(1000)})
			}
		}
		l := c.Lines()
		sum := make([]Day, len(l.Total))
		for _, line := range l.Top {
			Add(sum, line.Days)
		}
		if l.Other != nil {
			Add(sum, l.Other)
		}
		if d := cmp.Diff(l.Total, sum); d != "" {
			t.Fatal(d)
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6*max(1, math.Abs(b)) }

func TestForecast_Constant(t *testing.T) {
	for _, value := range []float64{0, 1, 1234.56} {
		m := Forecast(series(day("2026-11-20"), repeat(value, 40)...), day("2026-11-20"))
		if m.Method != Damped || !near(m.Total, value) || !near(m.Low, value) || !near(m.High, value) || !near(m.ToDate, value*20/30) || m.Observed != 40 {
			t.Errorf("%v: %+v", value, m)
		}
	}
}

func TestForecast_Known(t *testing.T) {
	today := day("2026-11-20")
	shifted := append(repeat(100, 40), repeat(200, 10)...)
	grows := make([]float64, 50)
	for i := range grows {
		grows[i] = 1000 + 10*float64(i)
	}
	for name, row := range map[string]struct {
		s        Series
		low, top float64 // of Total
		method   Method
	}{
		"nothing":         {Series{}, 0, 0, Unknown},
		"a level shift":   {series(today, shifted...), (100*10+200*20)/30.0 - 1, (100*10+200*20)/30.0 + 30, Damped},
		"steady growth":   {series(today, grows...), 1390, 1450, Damped}, // 1300 to 1590 over the month, 1445 on the average
		"too few days":    {series(today, repeat(300, 13)...), 299.9, 300.1, Flat},
		"just enough":     {series(today, repeat(300, 14)...), 299.9, 300.1, Damped},
		"seen last month": {series(day("2026-10-20"), repeat(300, 40)...), 299.9, 300.1, Damped},
	} {
		m := Forecast(row.s, today)
		if m.Method != row.method || m.Total < row.low || m.Total > row.top || m.Low > m.Total || m.High < m.Total {
			t.Errorf("%s: %+v, want %s within %.1f and %.1f", name, m, row.method, row.low, row.top)
		}
	}
	if m := Forecast(series(today, repeat(300, 13)...), today); m.Assumed != 7 || m.Carried != 0 || !near(m.High-m.Low, 300*10/30.0*2*flatWide) {
		t.Errorf("of 13 days: %+v", m)
	}
	gaps := series(today, repeat(300, 30)...)
	gaps.Observed[29], gaps.Observed[28], gaps.Observed[12] = false, false, false
	if m := Forecast(gaps, today); m.Carried != 3 || m.Observed != 27 {
		t.Errorf("with gaps: %+v", m)
	}
}

// TestForecast_Coverage prints how often the month ended within the interval, for noise of several kinds.
func TestForecast_Coverage(t *testing.T) {
	const months = 400
	first := day("2026-09-12")
	today, end := day("2026-11-10"), day("2026-11-30")
	for name, next := range map[string]func(r *rand.Rand, before float64, i int) float64{
		"random walk":     func(r *rand.Rand, before float64, _ int) float64 { return max(0, before+20*r.NormFloat64()) },
		"noise":           func(r *rand.Rand, _ float64, _ int) float64 { return 1000 + 50*r.NormFloat64() },
		"growth, noise":   func(r *rand.Rand, _ float64, i int) float64 { return 1000 + 5*float64(i) + 20*r.NormFloat64() },
		"rare steps":      func(r *rand.Rand, before float64, _ int) float64 { return before + 100*float64(r.IntN(20)/19) },
		"off at weekends": func(r *rand.Rand, _ float64, i int) float64 { return 1000 - 200*float64(i%7/5) + 10*r.NormFloat64() },
	} {
		within, width := 0, 0.0
		for n := range months {
			r := rand.New(rand.NewPCG(uint64(n), 5))
			values := []float64{1000}
			for i := 1; i <= int(end-first); i++ {
				values = append(values, next(r, values[i-1], i))
			}
			truth := 0.0
			for d := day("2026-11-01"); d <= end; d++ {
				truth += values[d-first] / 30
			}
			m := Forecast(series(today, values[:today-first+1]...), today)
			if truth >= m.Low && truth <= m.High {
				within++
			}
			width += (m.High - m.Low) / m.Total / months
		}
		share := float64(within) / months
		t.Logf("%-16s %2.0f%% of %d months within the interval of %.0f%%, which is %.1f%% of the month wide", name, 100*share, months, 100*Interval, 100*width)
		if share < 0.6 {
			t.Errorf("%s: the interval is too narrow", name)
		}
	}
}

func TestFind(t *testing.T) {
	last := day("2026-11-20")
	jump := append(repeat(1000, 20), append([]float64{1200}, repeat(1200, 5)...)...)
	noisy := func(extra float64) []float64 {
		r := rand.New(rand.NewPCG(3, 3))
		out := make([]float64, 40)
		for i := range out {
			out[i] = 1000 + 60*r.NormFloat64()
		}
		out[35] += extra
		return out
	}
	for name, row := range map[string]struct {
		s      Series
		days   string
		judged int
	}{
		"a jump":         {series(last, jump...), fmt.Sprint([]int64{last - 5}), 18},
		"cents":          {series(last, append(repeat(1, 20), 1.5)...), "[]", 13},
		"a small share":  {series(last, append(repeat(10000, 20), 10400)...), "[]", 13},
		"too few days":   {series(last, append(repeat(10, 5), 5000)...), "[]", 0},
		"noise":          {series(last, noisy(0)...), "[]", 32},
		"beyond noise":   {series(last, noisy(900)...), fmt.Sprint([]int64{last - 4, last - 3}), 32},
		"a fall to none": {series(last, append(repeat(80, 20), 0)...), fmt.Sprint([]int64{last}), 13},
	} {
		found, judged := DefaultBand.Find(row.s), len(DefaultBand.Judged(row.s.Observed))
		days := []int64{}
		for _, a := range found {
			days = append(days, a.Day)
		}
		if fmt.Sprint(days) != row.days || judged != row.judged {
			t.Errorf("%s: %v of %d, want %s of %d", name, days, judged, row.days, row.judged)
		}
	}
	gap := series(last, jump...)
	gap.Observed[20], gap.Observed[19] = false, false
	found := DefaultBand.Find(gap)
	if len(found) != 1 || found[0].Day != last-4 || found[0].Previous != last-7 {
		t.Errorf("what happened on days without a look is of the first look after: %+v", found)
	}
}

// TestFind_Constant holds that a constant has no anomaly, whatever it is and whichever days were looked at.
func TestFind_Constant(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 200 {
		s := series(20000, repeat(r.Float64()*1e6, 60)...)
		for i := range s.Observed {
			s.Observed[i] = r.IntN(3) > 0
		}
		if found := DefaultBand.Find(s); len(found) > 0 {
			t.Fatalf("%+v", found)
		}
	}
}

func TestMonthOf(t *testing.T) {
	for text, want := range map[string]int{"2026-02-14": 28, "2028-02-29": 29, "2026-12-31": 31} {
		first, days := MonthOf(day(text))
		if days != want || TimeOf(first).Format(time.DateOnly) != text[:8]+"01" {
			t.Errorf("%s: %d, %s", text, days, TimeOf(first))
		}
	}
	if got := Spend(day("2026-11-05"), 300); got != 10 {
		t.Error(got)
	}
}
