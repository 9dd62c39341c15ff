package summary

import (
	"fmt"
	"strings"
)

// Markdown writes the report as GitHub's Markdown, which reads well as plain text too.
func (d Document) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s", plain(d.Title), plain(d.span()))
	if d.Filter != "" {
		fmt.Fprintf(&b, "; only %s", plain(d.Filter))
	}
	fmt.Fprintf(&b, ". Written at %s. US dollars; times and days are UTC.\n", text(d.At))
	for _, n := range d.Notes {
		fmt.Fprintf(&b, "\n%s\n", plain(n))
	}
	for _, s := range d.Sections {
		s.markdown(&b)
	}
	return b.String()
}

func (s ReportSection) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n", plain(s.Title))
	if s.Unknown != "" {
		fmt.Fprintf(b, "%s\n\n", plain(s.Unknown))
	}
	for _, f := range s.Facts {
		fmt.Fprintf(b, "- %s: **%s**", plain(f.Label), plain(text(f.Value)))
		if f.Note != "" {
			fmt.Fprintf(b, " (%s)", plain(f.Note))
		}
		b.WriteByte('\n')
	}
	for _, t := range s.Tables {
		t.markdown(b)
	}
	for _, n := range s.Notes {
		fmt.Fprintf(b, "\n%s\n", plain(n))
	}
	for _, path := range s.Lists {
		fmt.Fprintf(b, "\nList: `GET %s`\n", strings.ReplaceAll(path, "`", "%60"))
	}
}

func (t ReportTable) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### %s\n\n", plain(t.Title))
	if len(t.Rows) == 0 {
		b.WriteString("None.\n")
		return
	}
	for _, c := range t.Columns {
		b.WriteString("| " + plain(c.Label) + " ")
	}
	b.WriteString("|\n")
	for _, c := range t.Columns {
		if c.Kind.numeric() {
			b.WriteString("|--:")
		} else {
			b.WriteString("|---")
		}
	}
	b.WriteString("|\n")
	for _, row := range t.Rows {
		for _, v := range row {
			b.WriteString("| " + plain(text(v)) + " ")
		}
		b.WriteString("|\n")
	}
}

// plain keeps a text from meaning anything in Markdown, or leaving its line.
func plain(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case strings.ContainsRune("\\`*_[]<>|~#&!@", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
