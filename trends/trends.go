// Package trends makes series of what changed by day, and says of a series what comes next and what
// stands out. Its functions are pure: they read no clock and no database.
package trends

import (
	"cmp"
	"container/heap"
	"slices"
	"time"
)

// Day is what there was at the end of a day.
type Day struct {
	Resources int64
	Unpriced  int64 // of them, those whose cost is not known
	Cost      int64 // of the others, a month, in nano-dollars
}

// Line is what there was of a key, by day. A day without a change is as the one before.
type Line struct {
	Key  string
	Days []Day
}

// Lines are the days of all keys from First on.
type Lines struct {
	First int64 // since 1970
	Total []Day
	Top   []Line // the keys that cost most over all days, the costliest first
	Other []Day  // all further keys together; nil where there are none
}

// Collector makes lines of what changed. It holds the lines of the top and no others, however many keys there are.
type Collector struct {
	lines Lines
	most  int
	only  *string
	each  func(Line)
	open  *Line
	last  int // the day of open that is filled
	top   top
}

// NewCollector collects the days from first to last, and at most top keys. each, if it is not nil, is called with the
// line of every key; it is good until each returns.
func NewCollector(first, last int64, top int, each func(Line)) *Collector {
	return &Collector{lines: Lines{First: first, Total: make([]Day, max(0, last-first+1))}, most: top, each: each}
}

// Only has a key be the top, whatever others cost.
func (c *Collector) Only(key string) { c.only, c.most = &key, 1 }

// Add adds what a key was from a day on. The days of a key come together, and in order.
func (c *Collector) Add(key string, day int64, d Day) {
	at := int(day - c.lines.First)
	if c.open == nil || c.open.Key != key {
		c.close()
		c.open, c.last = &Line{Key: key, Days: make([]Day, len(c.lines.Total))}, 0
	}
	if at < 0 || at >= len(c.open.Days) {
		return
	}
	c.fill(at)
	c.open.Days[at] = d
}

// fill repeats the last day up to a day.
func (c *Collector) fill(at int) {
	days := c.open.Days
	for c.last < at {
		c.last++
		if c.last < len(days) {
			days[c.last] = days[c.last-1]
		}
	}
}

// close adds the line that is open to the lines.
func (c *Collector) close() {
	if c.open == nil {
		return
	}
	c.fill(len(c.open.Days))
	line := *c.open
	c.open = nil
	Add(c.lines.Total, line.Days)
	if c.each != nil {
		c.each(line)
	}
	if c.only != nil && line.Key != *c.only {
		c.further(line.Days)
		return
	}
	sum := ranked{Line: line}
	for _, d := range line.Days {
		sum.cost, sum.resources = sum.cost+float64(d.Cost), sum.resources+d.Resources
	}
	heap.Push(&c.top, sum)
	if len(c.top) > c.most {
		least, _ := heap.Pop(&c.top).(ranked)
		c.further(least.Days)
	}
}

// further adds the days of a key that is not in the top.
func (c *Collector) further(days []Day) {
	if c.lines.Other == nil {
		c.lines.Other = make([]Day, len(c.lines.Total))
	}
	Add(c.lines.Other, days)
}

// Lines are what was collected.
func (c *Collector) Lines() Lines {
	c.close()
	slices.SortFunc(c.top, func(a, b ranked) int { return -compare(a, b) })
	c.lines.Top = make([]Line, len(c.top))
	for i, r := range c.top {
		c.lines.Top[i] = r.Line
	}
	return c.lines
}

// Add adds days to as many others, one by one.
func Add(sum, days []Day) {
	for i, d := range days {
		sum[i].Resources += d.Resources
		sum[i].Unpriced += d.Unpriced
		sum[i].Cost += d.Cost
	}
}

// ranked is a line with what it is ranked by.
type ranked struct {
	Line
	cost      float64 // of all days: the sum of a year overflows what counts nano-dollars
	resources int64
}

func compare(a, b ranked) int {
	return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.resources, b.resources), -cmp.Compare(a.Key, b.Key))
}

// top is a heap, the least first.
type top []ranked

func (t top) Len() int           { return len(t) }
func (t top) Less(i, j int) bool { return compare(t[i], t[j]) < 0 }
func (t top) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }

// Push implements heap.Interface.
func (t *top) Push(x any) {
	r, _ := x.(ranked)
	*t = append(*t, r)
}

// Pop implements heap.Interface.
func (t *top) Pop() any {
	last := len(*t) - 1
	r := (*t)[last]
	*t = (*t)[:last]
	return r
}

// DayOf is the number of the day, in UTC, of a moment.
func DayOf(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

// TimeOf is when a day begins, in UTC.
func TimeOf(day int64) time.Time { return time.Unix(day*24*60*60, 0).UTC() }

// MonthOf is the first day of the month of a day, and how many days that month has.
func MonthOf(day int64) (first int64, days int) {
	t := TimeOf(day)
	begin := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	return DayOf(begin), begin.AddDate(0, 1, -1).Day()
}

// Spend is what a day costs, in nano-dollars, of what costs so much a month.
func Spend(day, monthly int64) int64 {
	_, days := MonthOf(day)
	return monthly / int64(days)
}
