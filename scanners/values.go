package scanners

import (
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/tracker"
)

// stateUnknown is the state of a resource whose state AWS leaves out.
const stateUnknown = "unknown"

// stateActive is the state of a resource of a type that has no states in AWS.
const stateActive = "active"

// collect turns the items of a page into resources.
func collect[T any](items []T, resource func(T) tracker.Resource) []tracker.Resource {
	rs := make([]tracker.Resource, len(items))
	for i, item := range items {
		rs[i] = resource(item)
	}
	return rs
}

// refs returns pointers to the elements of rs.
func refs(rs []tracker.Resource) []*tracker.Resource {
	ps := make([]*tracker.Resource, len(rs))
	for i := range rs {
		ps[i] = &rs[i]
	}
	return ps
}

// Metadata is made of few Go types, whatever the SDK's are: string, bool, int64,
// float64, nil for unknown, []string, maps with string keys, and lists of those.

// opt returns what p points to; unknown is nil.
func opt[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// num returns a number as an int64; unknown is nil.
func num[T int32 | int64](p *T) any {
	if p == nil {
		return nil
	}
	return int64(*p)
}

// sum adds up one number of each item; nil when none has it.
func sum[T any](items []T, of func(T) *int32) any {
	var total any
	for _, item := range items {
		if n := of(item); n != nil {
			before, _ := total.(int64)
			total = before + int64(*n)
		}
	}
	return total
}

// text returns a string or enumeration as a string; AWS's empty one is unknown.
func text[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// str returns the string that p points to; empty is unknown.
func str(p *string) any { return text(aws.ToString(p)) }

// stamp returns a time in RFC 3339 UTC; unknown is nil.
func stamp(t *time.Time) any {
	at := tracker.At(t)
	if at == nil {
		return nil
	}
	return at.Format(time.RFC3339)
}

// list returns one string of each item, leaving out empty ones. It is never nil.
func list[T any](items []T, of func(T) *string) []string {
	out := make([]string, 0, len(items))
	for _, item := range items {
		if s := aws.ToString(of(item)); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// names returns a list of enumerations as strings. It is never nil.
func names[T ~string](items []T) []string {
	return list(items, func(s T) *string { return aws.String(string(s)) })
}

// distinct sorts items and leaves out repetitions.
func distinct(items []string) []string {
	slices.Sort(items)
	return slices.Compact(items)
}

// tags turns any SDK's list of tags into a map.
func tags[T any](items []T, pair func(T) (key, value *string)) map[string]string {
	m := make(map[string]string, len(items))
	for _, item := range items {
		k, v := pair(item)
		m[aws.ToString(k)] = aws.ToString(v)
	}
	return m
}

// decimal returns a float32 as the float64 that is written alike: 0.1 stays 0.1.
func decimal(p *float32) any {
	if p == nil {
		return nil
	}
	f, err := strconv.ParseFloat(strconv.FormatFloat(float64(*p), 'g', -1, 32), 64)
	if err != nil {
		return nil
	}
	return f
}

// moment reads the RFC 3339 time that some AWS APIs answer as a string; nil when
// it is none.
func moment(p *string) *time.Time {
	at, err := time.Parse(time.RFC3339, aws.ToString(p))
	if err != nil {
		return nil
	}
	return tracker.At(&at)
}

// unknown sets all of m to nil: what is made of an empty description would look
// like facts.
func unknown(m tracker.Metadata) tracker.Metadata {
	for k := range m {
		m[k] = nil
	}
	return m
}
