package tracker

// Metadata holds the facts that only resources of one type have. Values are
// strings, numbers, booleans, nil, and slices and maps of those: as scanners make
// them, or as they come back from JSON.
type Metadata map[string]any

// Text returns a string; empty when it is unknown or none.
func (m Metadata) Text(key string) string {
	s, _ := m[key].(string)
	return s
}

// Flag reports whether something is known to be so.
func (m Metadata) Flag(key string) bool {
	v, _ := m[key].(bool)
	return v
}

// Number returns a number; ok is false when it is not known.
func (m Metadata) Number(key string) (n float64, ok bool) { return Number(m[key]) }

// List returns a list of strings; nil when it is unknown.
func (m Metadata) List(key string) []string {
	switch items := m[key].(type) {
	case []string:
		return items
	case []any:
		return all[string](items)
	}
	return nil
}

// Objects returns a list of facts; nil when it is unknown.
func (m Metadata) Objects(key string) []map[string]any {
	switch items := m[key].(type) {
	case []map[string]any:
		return items
	case []any:
		return all[map[string]any](items)
	}
	return nil
}

// Len returns how long a list is; ok is false when it is not known.
func (m Metadata) Len(key string) (n int, ok bool) {
	switch items := m[key].(type) {
	case []string:
		return len(items), true
	case []map[string]any:
		return len(items), true
	case []any:
		return len(items), true
	}
	return 0, false
}

// Number reads what is an integer from a scanner and a float64 from JSON.
func Number(v any) (n float64, ok bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case int:
		return float64(v), true
	case int32:
		return float64(v), true
	}
	return 0, false
}

// all returns the items of one kind.
func all[T any](items []any) []T {
	out := make([]T, 0, len(items))
	for _, item := range items {
		if v, ok := item.(T); ok {
			out = append(out, v)
		}
	}
	return out
}
