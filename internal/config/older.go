package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// validKeys reads keys that callers have. COMPATIBILITY, which is read before, takes those
// that the earlier service took: it checked none.
func validKeys(c *Config) func(string) error {
	return func(v string) error {
		if c.Compatibility == "" {
			return keys(&c.ValidAPIKeys)(v)
		}
		for i, key := range split(v) {
			if !printable.MatchString(key) {
				return fmt.Errorf("key %d has characters that an HTTP header cannot carry", i+1)
			}
			if !slices.Contains(c.ValidAPIKeys, Secret(key)) {
				c.ValidAPIKeys = append(c.ValidAPIKeys, Secret(key))
			}
		}
		return nil
	}
}

var printable = regexp.MustCompile(`^[ -~]+$`)

// WeakKeys are how many of the keys are too short to be taken without COMPATIBILITY, or are
// what documents print in place of a key.
func (c Config) WeakKeys() int {
	weak := 0
	for _, key := range c.ValidAPIKeys.Reveal() {
		if len(key) < minAPIKey || isPlaceholder(key) {
			weak++
		}
	}
	return weak
}

func isPlaceholder(v string) bool {
	return slices.ContainsFunc(placeholders, func(p string) bool { return strings.Contains(strings.ToLower(v), p) })
}
