package policies

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// rule is what has to be known of a rule of savings before a scan: the API tells of rules with their
// findings only. A test compares the list with the catalogue of rules.
type rule struct {
	Types   []string `json:"types"` // of the resources that it finds
	Reads   []string `json:"reads"` // the types that have to be scanned
	Metrics bool     `json:"metrics,omitempty"`
}

//go:embed rules.json
var rulesJSON []byte

var rules = func() (all map[string]rule) {
	if err := json.Unmarshal(rulesJSON, &all); err != nil {
		panic(err)
	}
	return all
}()

// meantAmong is meant among the keys of a map, or all of them where none is near.
func meantAmong[T any](name string, known map[string]T) string {
	names := slices.Sorted(maps.Keys(known))
	if near := meant(name, names); near != "" {
		return near
	}
	return "; there are " + strings.Join(names, ", ")
}
