// Package past makes up what an account of a demo looked like on past days, from what it looks like today. The same
// account and day give the same, in any process.
//
// Today is left as it is. On the days before it things were not there yet, were stopped, smaller, attached or without
// a tag, and some were there that are gone.
package past

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Thing is a resource in the cell that lists it.
type Thing struct {
	tracker.Resource
	Cell string // the cell's region
}

// Past is that of an account.
type Past struct {
	now     time.Time
	lives   []life
	refused []refusal
}

// life is a thing as it is today, or was on its last day, and how it came to that.
type life struct {
	Thing
	until int // it was there until so many days ago; 0: it is there
	since int // and from so many days ago on; always, where it is always
	turns []turn
}

const always = 1 << 20

// turn is what was otherwise from so many days ago to so many days ago.
type turn struct {
	from, to int
	change   func(*tracker.Resource)
	weekends bool // only then
}

// refusal is a region that could not be seen from so many days ago to so many days ago.
type refusal struct {
	region   string
	from, to int
	outcome  tracker.Outcome
}

// Of is the past of an account that today, at a time, holds these things.
func Of(now time.Time, today []Thing) *Past {
	p := &Past{now: now}
	for _, t := range today {
		p.lives = append(p.lives, life{Thing: t, since: always})
	}
	p.tell()
	return p
}

// Day is when it was so many days ago.
func (p *Past) Day(ago int) time.Time { return p.now.AddDate(0, 0, -ago) }

// On is what was there so many days ago. What is not as it is today has no cost.
func (p *Past) On(ago int) []Thing {
	day := p.Day(ago)
	weekend := ago > 2 && (day.Weekday() == time.Saturday || day.Weekday() == time.Sunday)
	var there []Thing
	for _, l := range p.lives {
		if ago < l.until || ago > l.since || l.Created != nil && l.Created.After(day) {
			continue
		}
		t := l.Thing
		for _, turn := range l.turns {
			if ago <= turn.from && ago >= turn.to && (weekend || !turn.weekends) {
				t.Tags, t.Metadata, t.Cost, t.MonthlyCost = maps.Clone(t.Tags), maps.Clone(t.Metadata), nil, nil
				turn.change(&t.Resource)
			}
		}
		there = append(there, t)
	}
	return there
}

// Outcome is how looking into a region ended so many days ago; empty where it could be seen.
func (p *Past) Outcome(region string, ago int) tracker.Outcome {
	for _, r := range p.refused {
		if r.region == region && ago <= r.from && ago >= r.to {
			return r.outcome
		}
	}
	return ""
}

// die is a number below n that looks random, the same for the same thing and purpose.
func die(id, purpose string, n int) int { return int(xxhash.Sum64String(purpose+" "+id) % uint64(n)) }

// of are the lives of a type that a condition holds for, in an order that looks random.
func (p *Past) of(t tracker.Type, so func(tracker.Resource) bool) []*life {
	var some []*life
	for i := range p.lives {
		if l := &p.lives[i]; l.Type == t && l.until == 0 && so(l.Resource) {
			some = append(some, l)
		}
	}
	slices.SortStableFunc(some, func(a, b *life) int { return die(a.Key(), "order", always) - die(b.Key(), "order", always) })
	return some
}

// first are the first n, or as many as there are.
func first(n int, some []*life) []*life { return some[:min(n, len(some))] }

// like is a thing of another ID that was there from so many days ago to so many days ago.
func (p *Past) like(l life, id string, since, until int) life {
	l.ARN = strings.ReplaceAll(l.ARN, l.ID, id)
	if l.Name != nil && *l.Name == l.ID {
		l.Name = &id
	}
	l.ID, l.since, l.until, l.turns = id, since, until, nil
	l.Tags, l.Metadata, l.Cost, l.MonthlyCost = maps.Clone(l.Tags), maps.Clone(l.Metadata), nil, nil
	if since != always && l.Created != nil {
		l.Created = new(p.Day(since).Add(-5 * time.Hour).Truncate(time.Second))
	}
	return l
}

// otherID is an ID of the form of another.
func otherID(id string, n int) string {
	at := strings.LastIndexAny(id, "-:/") + 1
	digits := fmt.Sprintf("%016x", xxhash.Sum64String(fmt.Sprint(id, n)))
	if hex := id[at:]; len(hex) == 17 && strings.Trim(hex, "0123456789abcdef") == "" {
		return id[:at] + "0" + digits
	}
	return id[:at] + "old-" + digits[:4]
}
