package main

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMembers(t *testing.T) {
	const skip = `"x-go-type-skip-optional-pointer":true`
	for _, c := range []struct {
		name, schema, answered, sent string
	}{
		{"text", `{"type":"string","maxLength":5}`, `{"type":"string",` + skip + `}`, `{"type":"string",` + skip + `}`},
		{"text or null", `{"type":["string","null"]}`, `{"type":"string","nullable":true}`, `{"type":"string","nullable":true}`},
		{"words", `{"type":"string","enum":["a","b"],"description":"Which"}`, `{"type":"string","description":"Which. One of a, b",` + skip + `}`, `{"type":"string","description":"Which. One of a, b",` + skip + `}`},
		{"time", `{"type":"string","format":"date-time"}`, `{"type":"string","format":"date-time"}`, `{"type":"string","format":"date-time"}`},
		{"count", `{"type":"integer","format":"int64"}`, `{"type":"integer",` + skip + `}`, `{"type":"integer"}`},
		{"count from one", `{"type":"integer","minimum":1}`, `{"type":"integer",` + skip + `}`, `{"type":"integer",` + skip + `}`},
		{"money or null", `{"type":["number","null"]}`, `{"type":"number","format":"double","nullable":true}`, `{"type":"number","format":"double","nullable":true}`},
		{"flag", `{"type":"boolean"}`, `{"type":"boolean",` + skip + `}`, `{"type":"boolean"}`},
		{"object", `{"$ref":"#/components/schemas/Cost"}`, `{"$ref":"#/components/schemas/Cost"}`, `{"$ref":"#/components/schemas/Cost"}`},
		{"object or null", `{"anyOf":[{"$ref":"#/components/schemas/Cost"},{"type":"null"}]}`, `{"allOf":[{"$ref":"#/components/schemas/Cost"}],"nullable":true}`, `{"allOf":[{"$ref":"#/components/schemas/Cost"}],"nullable":true}`},
		{"several types", `{"type":["string","number","boolean"]}`, `{` + skip + `}`, `{` + skip + `}`},
		{"one of several", `{"oneOf":[{"type":"string"},{"type":"integer"}]}`, `{` + skip + `}`, `{` + skip + `}`},
		{"map", `{"type":"object","additionalProperties":{"type":"string","maxLength":5}}`, `{"type":"object","additionalProperties":{"type":"string"},` + skip + `}`, `{"type":"object","additionalProperties":{"type":"string"},` + skip + `}`},
		{"list of texts or null", `{"type":"array","items":{"type":["string","null"]}}`, `{"type":"array","items":{"type":"string","x-go-type":"*string"},` + skip + `}`, `{"type":"array","items":{"type":"string","x-go-type":"*string"},` + skip + `}`},
		{"any map", `{"type":"object"}`, `{"type":"object","additionalProperties":{},` + skip + `}`, `{"type":"object","additionalProperties":{},` + skip + `}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, want := range []string{c.answered, c.sent} {
				var schema, a node
				if err := json.Unmarshal([]byte(c.schema), &schema); err != nil {
					t.Fatal(err)
				}
				if err := json.Unmarshal([]byte(want), &a); err != nil {
					t.Fatal(err)
				}
				got := members(node{"m": schema}, i == 1)["m"]
				if diff := cmp.Diff(a, got); diff != "" {
					t.Errorf("sent %t: %s", i == 1, diff)
				}
			}
		})
	}
}

func TestOnlyAnswer(t *testing.T) {
	for _, c := range []struct {
		name, responses, want string
		waits                 bool
	}{
		{"one", `{"200":{"description":"d","headers":{},"content":{"application/json":{"schema":{"$ref":"a"}},"text/csv":{}}},"404":{}}`, `{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"a"}}}}}`, true},
		{"none", `{"204":{"description":"d"}}`, `{"204":{"description":"d"}}`, true},
		{"begun or done", `{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"a"}}}},"202":{"description":"e","content":{"application/json":{"schema":{"$ref":"b"}}}}}`, `{"202":{"description":"e","content":{"application/json":{"schema":{"$ref":"b"}}}}}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var responses, want node
			if err := json.Unmarshal([]byte(c.responses), &responses); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(c.want), &want); err != nil {
				t.Fatal(err)
			}
			got, waits := onlyAnswer(responses)
			if diff := cmp.Diff(want, got); diff != "" || waits != c.waits {
				t.Errorf("waits %t: %s", waits, diff)
			}
		})
	}
}
