package inventory

import (
	"cmp"
	"context"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/history"
)

// maxValues bounds the values that are told apart, over all keys.
const maxValues = 200_000

// TagKey is a tag that resources carry.
type TagKey struct {
	Key       string `json:"key"`
	Resources int    `json:"resources" doc:"Resources that carry it"`
	Values    int    `json:"values" doc:"Distinct values; at least so many where more is true"`
	More      bool   `json:"more" doc:"True when there may be more values than were told apart"`
}

// Tags are the tags of a view.
type Tags struct {
	Resources int      `json:"resources" doc:"Resources that the filter selects"`
	Untagged  int      `json:"untagged" doc:"Of them, those that carry no tag"`
	Keys      []TagKey `json:"keys" doc:"What most resources carry first"`
	Other     int      `json:"other_keys" doc:"Further keys that are not listed; at least so many beyond 10,000"`
}

// Tags lists the keys of tags that resources carry, at most top of them. It tells up to 10,000 keys apart, and up to
// 200,000 values.
func (v View) Tags(ctx context.Context, top int) (Tags, error) {
	var t Tags
	seed := maphash.MakeSeed()
	keys, values, known := map[string]*TagKey{}, map[string]map[uint64]bool{}, 0
	count := func(r row) error {
		t.Resources++
		tags := 0
		r.Tags(func(key, value string) {
			tags++
			k := keys[key]
			if k == nil {
				if len(keys) == maxKeys {
					t.Other = max(t.Other, 1)
					return
				}
				key = strings.Clone(key)
				k = &TagKey{Key: key}
				keys[key], values[key] = k, map[uint64]bool{}
			}
			k.Resources++
			switch sum := maphash.String(seed, value); {
			case values[key][sum]:
			case known == maxValues:
				k.More = true
			default:
				values[key][sum] = true
				known++
			}
		})
		if tags == 0 {
			t.Untagged++
		}
		return r.Err()
	}
	err := v.pages(ctx, 0, []string{everything}, func(page []history.Version) (func() error, error) {
		return func() error { return eachRow(page, count) }, nil
	})
	t.Keys = make([]TagKey, 0, len(keys))
	for key := range maps.Keys(keys) {
		k := *keys[key]
		k.Values = len(values[key])
		t.Keys = append(t.Keys, k)
	}
	slices.SortFunc(t.Keys, func(a, b TagKey) int {
		return cmp.Or(cmp.Compare(b.Resources, a.Resources), cmp.Compare(a.Key, b.Key))
	})
	if len(t.Keys) > top {
		t.Other += len(t.Keys) - top
		t.Keys = t.Keys[:top]
	}
	return t, err
}
