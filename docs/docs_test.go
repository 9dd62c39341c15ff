// Package docs holds the guides against the repository that they speak of.
package docs

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// guides are the documents that the tests here read.
var guides = []string{"setup.md", "operations.md", "troubleshooting.md", "comparison.md", "kubernetes.md", "aws.md", "../SUPPORT.md"}

// TestMessagesAreThoseOfThePrograms looks for every message that heads an entry of
// troubleshooting.md in the text that the code holds. A message is put together from
// parts: the wrapped errors between ": ", and what stands around a value, which is "…".
func TestMessagesAreThoseOfThePrograms(t *testing.T) {
	t.Parallel()
	code := literals(t)
	entries := regexp.MustCompile("(?m)^### .*$").FindAllString(read(t, "troubleshooting.md"), -1)
	if len(entries) < 25 {
		t.Errorf("only %d entries", len(entries))
	}
	for _, entry := range entries {
		messages := spans(entry)
		if len(messages) == 0 {
			t.Errorf("%s: no message", entry)
		}
		for _, message := range messages {
			if len(message) < 5 {
				t.Errorf("%s: %q is found anywhere", entry, message)
			}
			for _, part := range regexp.MustCompile(`…|: `).Split(message, -1) {
				if part = strings.TrimSpace(part); !strings.Contains(code, part) {
					t.Errorf("%s: no program says %q", entry, part)
				}
			}
		}
	}
}

// TestEntriesSayTheWayOut holds each entry to its form.
func TestEntriesSayTheWayOut(t *testing.T) {
	t.Parallel()
	for _, entry := range strings.Split(read(t, "troubleshooting.md"), "\n### ")[1:] {
		if !strings.Contains(entry, "\n**Cause.** ") || !strings.Contains(entry, "\n**Way out.** ") {
			name, _, _ := strings.Cut(entry, "\n")
			t.Errorf("%s: no cause, or no way out", name)
		}
	}
}

// TestSettingsExist looks for every name in capitals among the settings of
// .env.example, and among the variables that other programs read.
func TestSettingsExist(t *testing.T) {
	t.Parallel()
	known := read(t, "../.env.example")
	for _, other := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "TRACKER_URL", "TRACKER_API_KEY", "GOMEMLIMIT",
		"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER", "OTEL_TRACES_SAMPLER", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES",
		"AWS_CA_BUNDLE", "CGO_ENABLED", "SSL_CERT_DIR", "REDIS_PASSWORD", "CREDENTIALS_DIRECTORY", "HTTPS_PROXY",
	} {
		known += "\n#" + other + "="
	}
	for _, guide := range guides {
		for _, name := range regexp.MustCompile("`([A-Z]{2,}(?:_[A-Z0-9]+)+)[`=]").FindAllStringSubmatch(read(t, guide), -1) {
			if !strings.Contains(known, "#"+name[1]+"=") {
				t.Errorf("%s: %s is no setting", guide, name[1])
			}
		}
	}
}

// TestLinksLead follows every link within the repository, to its file and heading.
func TestLinksLead(t *testing.T) {
	t.Parallel()
	var documents []string
	for _, pattern := range []string{"*.md", "../*.md", "../deploy/*/*.md", "../examples/*.md", "../clients/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, found...)
	}
	if len(documents) < 30 {
		t.Errorf("only %d documents", len(documents))
	}
	headings := map[string]map[string]bool{}
	for _, guide := range documents {
		for _, link := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(read(t, guide), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			path, heading, _ := strings.Cut(link[1], "#")
			file := guide
			if path != "" {
				file = filepath.Join(filepath.Dir(guide), path)
			}
			info, err := os.Stat(file)
			if err != nil {
				t.Errorf("%s: %s leads nowhere", guide, link[1])
				continue
			}
			if heading == "" || info.IsDir() {
				continue
			}
			if headings[file] == nil {
				headings[file] = anchors(read(t, file))
			}
			if !headings[file][heading] {
				t.Errorf("%s: %s has no such heading", guide, link[1])
			}
		}
	}
}

// anchors are the names that GitHub gives to the headings of a document.
func anchors(text string) map[string]bool {
	names := map[string]bool{}
	for _, h := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		names[anchor(h[1])] = true
	}
	return names
}

var unnamed = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

// anchor is the name that GitHub gives to a heading.
func anchor(heading string) string {
	return strings.ReplaceAll(unnamed.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

// spans are the pieces of code in a line of Markdown; one that holds a backquote stands
// between two of them.
func spans(line string) []string {
	var found []string
	for _, m := range regexp.MustCompile("``([^`].*?)``|`([^`]+)`").FindAllStringSubmatch(line, -1) {
		found = append(found, strings.TrimSpace(m[1]+m[2]))
	}
	return found
}

// literals is the text that stands in the code of the programs, a literal a line, with
// "%%" as it is printed.
func literals(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && len(name) > 2 && (name[0] == '.' || name == "node_modules" || name == "e2e" || name == "bench") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		var s scanner.Scanner
		s.Init(fset.AddFile(path, fset.Base(), len(source)), source, nil, 0)
		for {
			_, tok, text := s.Scan()
			if tok == token.EOF {
				return nil
			}
			if tok != token.STRING {
				continue
			}
			if text, err = strconv.Unquote(text); err != nil {
				return err
			}
			all.WriteString(strings.ReplaceAll(text, "%%", "%") + "\n")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
