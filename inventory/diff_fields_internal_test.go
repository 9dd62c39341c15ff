package inventory

import (
	"fmt"
	"strings"
	"testing"
)

func TestDiffering(t *testing.T) {
	const row = `{"resource_id":"i","resource_name":null,"state":"on","tags":{"a":"b","x.y":"z"},"estimated_cost_monthly":5,"cost":{"basis":"list"},"metadata":{"ip":null,"rules":[{"port":22}],"at":{"deep":{"est":1},"size":2},"size_bytes":1}}`
	for _, c := range []struct{ name, from, to, fields, noise string }{
		{"nothing", "", "", "", ""},
		{"a member", `"state":"on"`, `"state":"off"`, `state: "on" > "off"`, ""},
		{"a name that was none", `"resource_name":null`, `"resource_name":"web"`, `resource_name: null > "web"`, ""},
		{"a tag", `"a":"b"`, `"a":"c"`, `tags.a: "b" > "c"`, ""},
		{"a tag that is gone", `"a":"b",`, ``, `tags.a: "b" > null`, ""},
		{"a tag that is new", `"a":"b"`, `"a":"b","":"c"`, `tags.: null > "c"`, ""},
		{"all tags", `{"a":"b","x.y":"z"}`, `null`, `tags: {"a":"b","x.y":"z"} > null`, ""},
		{"metadata", `"ip":null`, `"ip":"1.2.3.4"`, `metadata.ip: null > "1.2.3.4"`, ""},
		{"metadata that comes as null", `"ip":null,`, ``, "", ""},
		{"a list", `22`, `23`, `metadata.rules: [{"port":22}] > [{"port":23}]`, ""},
		{"deep metadata", `"est":1`, `"est":2,"more":true`, `metadata.at.deep.est: 1 > 2, metadata.at.deep.more: null > true`, ""},
		{"noise", `"size_bytes":1`, `"size_bytes":2`, "", `metadata.size_bytes: 1 > 2`},
		{"the cost", `"estimated_cost_monthly":5,"cost":{"basis":"list"}`, `"estimated_cost_monthly":6,"cost":{"basis":"x"}`, `estimated_cost_monthly: 5 > 6`, `cost: {"basis":"list"} > {"basis":"x"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			fields, noise := differing([]byte(row), []byte(strings.Replace(row, c.from, c.to, 1)), func(key string) bool { return key == "size_bytes" })
			if got := written(fields); got != c.fields {
				t.Errorf("fields:\n got %s\nwant %s", got, c.fields)
			}
			if got := written(noise); got != c.noise {
				t.Errorf("noise:\n got %s\nwant %s", got, c.noise)
			}
		})
	}
	t.Run("a cost that comes from noise", func(t *testing.T) {
		now := strings.NewReplacer(`"size_bytes":1`, `"size_bytes":2`, `monthly":5`, `monthly":9`).Replace(row)
		fields, noise := differing([]byte(row), []byte(now), func(key string) bool { return key == "size_bytes" })
		if got := written(fields) + "|" + written(noise); got != `|estimated_cost_monthly: 5 > 9, metadata.size_bytes: 1 > 2` {
			t.Error(got)
		}
	})
}

func written(fields []Field) string {
	var all []string
	for _, f := range fields {
		all = append(all, fmt.Sprintf("%s: %s > %s", f.Field, f.Old, f.New))
	}
	return strings.Join(all, ", ")
}

func TestFieldWithin(t *testing.T) {
	for field, want := range map[string]bool{"metadata.ip": true, "metadata.ip.v4": true, "metadata.ipv6": false, "state": false, "tags.a": true, "tags": true} {
		if got := (Field{Field: field}).Within([]string{"metadata.ip", "tags"}); got != want {
			t.Errorf("%s: %v", field, got)
		}
	}
}
