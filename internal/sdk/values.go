// Package sdk turns what the AWS SDK answers into what a resource is made of.
//
// Metadata is made of few Go types, whatever the SDK's are: string, bool, int64,
// float64, nil for unknown, []string, maps with string keys, and lists of those.
package sdk

import (
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Opt returns what p points to; unknown is nil.
func Opt[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// Num returns a number as an int64; unknown is nil.
func Num[T int32 | int64](p *T) any {
	if p == nil {
		return nil
	}
	return int64(*p)
}

// Sum adds up one number of each item; nil when none has it.
func Sum[T any](items []T, of func(T) *int32) any {
	var total any
	for _, item := range items {
		if n := of(item); n != nil {
			before, _ := total.(int64)
			total = before + int64(*n)
		}
	}
	return total
}

// Text returns a string or enumeration as a string; AWS's empty one is unknown.
func Text[T ~string](s T) any {
	if s == "" {
		return nil
	}
	return string(s)
}

// Str returns the string that p points to; empty is unknown.
func Str(p *string) any { return Text(aws.ToString(p)) }

// Stamp returns a time in RFC 3339 UTC; unknown is nil.
func Stamp(t *time.Time) any {
	at := tracker.At(t)
	if at == nil {
		return nil
	}
	return at.Format(time.RFC3339)
}

// Moment reads the RFC 3339 time that some AWS APIs answer as a string; nil when
// it is none.
func Moment(p *string) *time.Time {
	at, err := time.Parse(time.RFC3339, aws.ToString(p))
	if err != nil {
		return nil
	}
	return tracker.At(&at)
}

// Decimal returns a float32 as the float64 that is written alike: 0.1 stays 0.1.
func Decimal(p *float32) any {
	if p == nil {
		return nil
	}
	f, err := strconv.ParseFloat(strconv.FormatFloat(float64(*p), 'g', -1, 32), 64)
	if err != nil {
		return nil
	}
	return f
}

// List returns one string of each item, leaving out empty ones. It is never nil.
func List[T any](items []T, of func(T) *string) []string {
	out := make([]string, 0, len(items))
	for _, item := range items {
		if s := aws.ToString(of(item)); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Names returns a list of enumerations as strings. It is never nil.
func Names[T ~string](items []T) []string {
	return List(items, func(s T) *string { return aws.String(string(s)) })
}

// Distinct sorts items and leaves out repetitions. It is never nil.
func Distinct(items []string) []string {
	if items == nil {
		return []string{}
	}
	slices.Sort(items)
	return slices.Compact(items)
}

// Tags turns any SDK's list of tags into a map.
func Tags[T any](items []T, pair func(T) (key, value *string)) map[string]string {
	m := make(map[string]string, len(items))
	for _, item := range items {
		k, v := pair(item)
		m[aws.ToString(k)] = aws.ToString(v)
	}
	return m
}
