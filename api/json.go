package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
)

// writeJSON answers v from a streaming body.
func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	// An error here is a client that has gone.
	_ = enc.Encode(v)
}

var errNotJSON = errors.New("the body is not valid JSON")

// givenTwice ends the error of a body that has a member twice.
const givenTwice = "given more than once"

// decodeJSON reads a whole body. Its errors name properties and never repeat
// what was sent for them.
func decodeJSON(data []byte, v any) error {
	if !json.Valid(data) {
		return errNotJSON
	}
	if path := repeated(data); path != "" {
		return fmt.Errorf("%s: %s", path, givenTwice)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return fmt.Errorf("%s: expected %s", e.Field, jsonKind(e.Type))
		}
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return fmt.Errorf("unexpected property %s", name)
		}
		return errNotJSON
	}
	return nil
}

// repeated returns the path of a member that an object of valid JSON has twice, at
// any depth; "" is none. Readers of JSON differ in which of the two counts, so that
// one of them would check what another does not run.
func repeated(data []byte) string {
	type level struct {
		object bool
		seen   map[string]bool
		name   string // of the member that is being read
		index  int    // of the element that is being read
	}
	var levels []level
	key := false // whether a string that begins here is a member's name
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '{', '[':
			levels = append(levels, level{object: c == '{'})
			key = c == '{'
		case '}', ']':
			levels = levels[:len(levels)-1]
			key = false
		case ',':
			at := &levels[len(levels)-1]
			key = at.object
			at.index++
		case '"':
			end := i + 1
			for data[end] != '"' {
				if data[end] == '\\' {
					end++
				}
				end++
			}
			if key {
				at := &levels[len(levels)-1]
				_ = json.Unmarshal(data[i:end+1], &at.name) // valid, as all of it is
				if at.seen[at.name] {
					var path strings.Builder
					for _, l := range levels {
						if !l.object {
							fmt.Fprintf(&path, "[%d]", l.index)
							continue
						}
						path.WriteString("." + l.name)
					}
					return cut(strings.TrimPrefix(path.String(), "."))
				}
				if at.seen == nil {
					at.seen = map[string]bool{}
				}
				at.seen[at.name] = true
				key = false
			}
			i = end
		}
	}
	return ""
}

// cut shortens what a client has named.
func cut(name string) string {
	if len(name) > maxLocation {
		return name[:maxLocation] + "…"
	}
	return name
}

func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice:
		return "an array"
	case reflect.Bool:
		return "a boolean"
	case reflect.String:
		return "a string"
	}
	return "a number"
}
