package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryDocumentIsInTheNavigation looks for documents that no page shows.
func TestEveryDocumentIsInTheNavigation(t *testing.T) {
	root := os.DirFS("..")
	var shown []string
	addresses := map[string]string{}
	for _, s := range navigation {
		for _, d := range s.Documents {
			shown = append(shown, d)
			if other, ok := addresses[address(d)]; ok {
				t.Errorf("%s and %s are both %s", other, d, address(d))
			}
			addresses[address(d)] = d
		}
	}
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		documents, err := fs.Glob(root, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range documents {
			if !slices.Contains(shown, d) {
				t.Errorf("%s is not in the navigation", d)
			}
		}
	}
}

var (
	links = regexp.MustCompile(`\shref="([^"]*)"`)
	ids   = regexp.MustCompile(`\sid="([^"]*)"`)
	marks = regexp.MustCompile(`<h1[ >]`)
	shots = regexp.MustCompile(`<img src="([^"]*)" alt="([^"]*)"`)
)

// TestLinksOfTheSiteLead builds the site and follows every link within it.
func TestLinksOfTheSiteLead(t *testing.T) {
	out := t.TempDir()
	if err := build(os.DirFS(".."), out); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(out, "*.html"))
	if err != nil || len(pages) < 30 {
		t.Fatal(pages, err)
	}
	texts, targets := map[string]string{}, map[string]bool{"style.css": true, "search.js": true, "search.json": true}
	for _, p := range pages {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(p)
		texts[name], targets[name] = string(b), true
		for _, id := range ids.FindAllStringSubmatch(string(b), -1) {
			if targets[name+"#"+id[1]] {
				t.Errorf("%s has two elements with the ID %s", name, id[1])
			}
			targets[name+"#"+id[1]] = true
		}
	}
	for name, text := range texts {
		if n := len(marks.FindAllString(text, -1)); n != 1 {
			t.Errorf("%s has %d main headings", name, n)
		}
		if strings.Contains(text, " style=") {
			t.Errorf("%s has a style that its policy forbids", name)
		}
		for _, shot := range shots.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(out, shot[1])); err != nil || shot[2] == "" {
				t.Errorf("%s: image %s, which says %q: %v", name, shot[1], shot[2], err)
			}
		}
		for _, link := range links.FindAllStringSubmatch(text, -1) {
			to := link[1]
			if strings.HasPrefix(to, "#") {
				to = name + to
			}
			if !strings.Contains(to, ":") && !targets[to] {
				t.Errorf("%s: %s leads nowhere", name, link[1])
			}
		}
	}

	var passages []passage
	index, err := os.ReadFile(filepath.Join(out, "search.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(index, &passages); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, p := range passages {
		if !targets[p.Address] {
			t.Errorf("the search leads to %s", p.Address)
		}
		found = found || p.Page == "Quotas" && strings.Contains(p.Text, "429")
	}
	if !found {
		t.Error("the search does not know that a quota is answered 429")
	}
}

// TestLead says where links lead.
func TestLead(t *testing.T) {
	p := page{Document: "docs/plans.md"}
	for to, want := range map[string]string{
		"actions.md":            "actions.html",
		"actions.md#savings":    "actions.html#savings",
		"../README.md":          "index.html",
		"../SECURITY.md":        "security-policy.html",
		"../examples":           repository + "/tree/main/examples",
		"../go.mod":             repository + "/blob/main/go.mod",
		"#here":                 "#here",
		"https://example.com/x": "https://example.com/x",
	} {
		if got, err := p.lead(os.DirFS(".."), to); err != nil || got != want {
			t.Errorf("%s leads to %s (%v), want %s", to, got, err, want)
		}
	}
	if got, err := p.lead(os.DirFS(".."), path.Join("..", "nothing.md")); err == nil {
		t.Errorf("what is not there leads to %s", got)
	}
}
