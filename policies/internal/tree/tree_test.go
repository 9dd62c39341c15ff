package tree_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/policies/internal/tree"
)

func TestRead(t *testing.T) {
	for _, tc := range []struct{ name, yaml, want string }{
		{"scalars", "a: 1\nb: 1.5\nc: true\nd: text\ne:\nf: \"1\"", `{"a":1,"b":1.5,"c":true,"d":"text","e":null,"f":"1"}`},
		{"on and off are words", "a: on\nb: [off, yes, no]", `{"a":"on","b":["off","yes","no"]}`},
		{"lists of maps", "- a: 1\n  b: 2\n- c", `[{"a":1,"b":2},"c"]`},
		{"a block of text", "a: |\n  x\n  y\n", `{"a":"x\ny\n"}`},
		{"an alias", "x: &x [1]\ny: *x", `{"x":[1],"y":[1]}`},
		{"a merge", "x: &x {a: 1, b: 2}\ny:\n  a: 3\n  <<: *x", `{"x":{"a":1,"b":2},"y":{"a":3,"b":2}}`},
		{"keys that are numbers", "1: a", `{"1":"a"}`},
		{"flow", "a: {b: [1, {c: d}]}", `{"a":{"b":[1,{"c":"d"}]}}`},
		{"a comment", "# x\na: 1 # y\n", `{"a":1}`},
	} {
		n, err := tree.Read([]byte(tc.yaml))
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if b, _ := json.Marshal(n.Plain()); string(b) != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, b, tc.want)
		}
	}
}

func TestRead_Places(t *testing.T) {
	n, err := tree.Read([]byte("policies:\n  - name: a\n    plan:\n      verb: stop\n  - name: b\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		path         []string
		line, column int
	}{
		{nil, 1, 1},
		{[]string{"policies", "0"}, 2, 5},
		{[]string{"policies", "0", "plan", "verb"}, 4, 13},
		{[]string{"policies", "1", "name"}, 5, 11},
		{[]string{"policies", "1", "missing"}, 5, 5},
	} {
		if at := n.At(tc.path...); at.Line != tc.line || at.Column != tc.column {
			t.Errorf("%v: %d:%d, want %d:%d", tc.path, at.Line, at.Column, tc.line, tc.column)
		}
	}
	if key := n.At("policies", "0").Key("plan"); key.Line != 3 || key.Column != 5 {
		t.Errorf("key: %d:%d", key.Line, key.Column)
	}
}

func TestRead_Refused(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for _, step := range []string{"ab", "bc", "cd", "de", "ef"} {
		bomb += step[1:] + ": &" + step[1:] + " [" + strings.TrimSuffix(strings.Repeat("*"+step[:1]+",", 10), ",") + "]\n"
	}
	for _, tc := range []struct{ name, yaml, want string }{
		{"nothing", "", "1:1: the file is empty"},
		{"a comment only", "# x", "1:1: the file is empty"},
		{"two documents", "a: 1\n---\nb: 2", "3:1: a file has one document"},
		{"a key twice", "a: 1\na: 2", "2:1: not YAML: mapping key \"a\" already defined at [1:1]"},
		{"no such anchor", "a: *x", "1:4: no anchor x comes before"},
		{"a bomb", bomb, "parts"},
		{"too deep", strings.Repeat("[", 70) + strings.Repeat("]", 70), "nested deeper than 64"},
		{"too large", strings.Repeat("x", 1<<20+1), "more than 1048576 bytes"},
		{"not closed", "a: [1, 2", "not YAML"},
		{"of itself", "a: &a [*a]", "nested deeper than 64"},
	} {
		if _, err := tree.Read([]byte(tc.yaml)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"a: 1", "- a: [b, {c: d}]", "a: &x b\nc: *x", "a: |\n x", "? a\n: b", "!!str 1", "<<: 1", "a: .inf"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		if n, err := tree.Read([]byte(s)); err == nil {
			n.Plain()
		}
	})
}
