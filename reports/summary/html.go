package summary

import (
	"cmp"
	_ "embed"
	"fmt"
	"html"
	"strings"
)

// The page is written by hand: a program that holds text/template keeps every exported method of every type
// (docs/decisions.md). Text goes into it by esc and by nothing else.

func esc(s string) string { return html.EscapeString(s) }

//go:embed style.css
var style string

// HTML writes the report as one page that loads nothing and runs nothing.
func (d Document) HTML() string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>` +
		esc(d.Title) + "</title><style>\n" + style + "</style></head>\n<body><main>\n<header><h1>" + esc(d.Title) + "</h1>\n<p>" + esc(d.span()))
	if d.Filter != "" {
		b.WriteString("; only <code>" + esc(d.Filter) + "</code>")
	}
	b.WriteString(". Written at " + esc(text(d.At)) + ". US dollars; times and days are UTC.</p>\n")
	for _, n := range d.Notes {
		b.WriteString("<p>" + esc(n) + "</p>\n")
	}
	b.WriteString("</header>\n")
	for _, s := range d.Sections {
		s.html(&b)
	}
	b.WriteString("</main></body></html>\n")
	return b.String()
}

func (s ReportSection) html(b *strings.Builder) {
	fmt.Fprintf(b, `<section aria-labelledby="%s"><h2 id="%s">%s</h2>`+"\n", s.Name, s.Name, esc(s.Title))
	if s.Unknown != "" {
		b.WriteString("<p>" + esc(s.Unknown) + "</p>\n")
	}
	if len(s.Facts) > 0 {
		b.WriteString("<dl>\n")
		for _, f := range s.Facts {
			b.WriteString("<div><dt>" + esc(f.Label) + "</dt><dd>" + esc(text(f.Value)))
			if f.Note != "" {
				b.WriteString(" <small>" + esc(f.Note) + "</small>")
			}
			b.WriteString("</dd></div>\n")
		}
		b.WriteString("</dl>\n")
	}
	if s.Chart != nil {
		s.Chart.svg(b, s.Name+"-chart")
	}
	for _, t := range s.Tables {
		t.html(b, s.Name+"-"+t.Name)
	}
	for _, n := range s.Notes {
		b.WriteString("<p>" + esc(n) + "</p>\n")
	}
	for _, path := range s.Lists {
		b.WriteString(`<p class="list">List: <code>GET ` + esc(path) + "</code></p>\n")
	}
	b.WriteString("</section>\n")
}

func (t ReportTable) html(b *strings.Builder, id string) {
	if len(t.Rows) == 0 {
		b.WriteString("<h3>" + esc(t.Title) + "</h3><p>None.</p>\n")
		return
	}
	// The table may be wider than a small screen: its frame scrolls, also by the keyboard.
	fmt.Fprintf(b, `<div class="frame" role="region" tabindex="0" aria-labelledby="%s"><table><caption id="%s">%s</caption><thead><tr>`, id, id, esc(t.Title))
	for _, c := range t.Columns {
		b.WriteString(`<th scope="col"` + class(c) + ">" + esc(c.Label) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>\n")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for i, v := range row {
			if i == 0 {
				b.WriteString(`<th scope="row">` + esc(cmp.Or(text(v), "(none)")) + "</th>")
				continue
			}
			b.WriteString("<td" + class(t.Columns[i]) + ">" + esc(text(v)) + "</td>")
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table></div>\n")
}

func class(c ReportColumn) string {
	if c.Kind.numeric() {
		return ` class="n"`
	}
	return ""
}
