package history

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// total is by how much a number of resources and what they cost have changed.
type total struct{ resources, unpriced, cost int64 }

func add[K comparable](totals map[K]*total, key K, n int64, cost *int64) {
	if totals[key] == nil {
		totals[key] = &total{}
	}
	totals[key].resources += n
	if cost == nil {
		totals[key].unpriced += n
		return
	}
	totals[key].cost += n * *cost
}

// point is what a tenant's trend has of one key on one day.
type point struct {
	dimension, key string
	day            int64
}

// merge adds n times a total to that of a point.
func merge(totals map[point]*total, p point, n int64, t total) {
	if totals[p] == nil {
		totals[p] = &total{}
	}
	sum := totals[p]
	sum.resources, sum.unpriced, sum.cost = sum.resources+n*t.resources, sum.unpriced+n*t.unpriced, sum.cost+n*t.cost
}

// inOrder are the points in the order in which their rows are written: others wait for them.
func inOrder(totals map[point]*total) []point {
	return slices.SortedFunc(maps.Keys(totals), func(a, b point) int {
		return cmp.Or(strings.Compare(a.dimension, b.dimension), strings.Compare(a.key, b.key), cmp.Compare(a.day, b.day))
	})
}

// count adds n resources like this to the day's totals.
func (in *ingest) count(c *cell, n int64, cost *int64, json []byte) {
	add(in.rollup, c.id, n, cost)
	add(in.trend, [2]string{"type", string(c.Type)}, n, cost)
	add(in.trend, [2]string{"region", c.Region}, n, cost)
	add(in.trend, [2]string{"account", in.aws}, n, cost)
	tags := gjson.GetBytes(json, "tags")
	for _, key := range in.s.tags {
		add(in.trend, [2]string{"tag:" + key, tagOf(tags, key)}, n, cost)
	}
}

// tagOf is the value of a tag, empty where it is not there. A key may hold what gjson's paths have a meaning for.
func tagOf(tags gjson.Result, key string) (value string) {
	tags.ForEach(func(tag, v gjson.Result) bool {
		if tag.Str == key {
			value = v.Str
		}
		return tag.Str != key
	})
	return value
}

const (
	sumUp      = ` DO UPDATE SET resources = t.resources + excluded.resources, unpriced = t.unpriced + excluded.unpriced, cost = t.cost + excluded.cost`
	addToTrend = `INSERT INTO trend AS t (tenant, dimension, key, day, resources, unpriced, cost) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (tenant, dimension, key, day)` + sumUp
)

// roll adds the account's totals to those of the day. It comes last, and in order: others wait for these rows.
func (in *ingest) roll() error {
	var cells, keys [][]any
	for _, id := range slices.Sorted(maps.Keys(in.rollup)) {
		if t := in.rollup[id]; *t != (total{}) {
			cells = append(cells, []any{id, in.At / day, t.resources, t.unpriced, t.cost})
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(in.trend), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		if t := in.trend[k]; *t != (total{}) {
			keys = append(keys, []any{in.Tenant, k[0], k[1], in.At / day, t.resources, t.unpriced, t.cost})
		}
	}
	err := in.run(`INSERT INTO rollup AS t (cell, day, resources, unpriced, cost) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (cell, day)`+sumUp, cells)
	if err != nil {
		return err
	}
	return in.run(addToTrend, keys)
}
