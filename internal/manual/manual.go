// Package manual writes manual pages in the macros of man(7).
package manual

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"
)

// Head is what the head of a page says.
type Head struct {
	Name    string // of the program
	Section int
	Summary string // what it is, in a few words
	Date    string // such as 2026-11-27; Date has that of the build
	Source  string // what it is a part of, and its version
}

// Date is the day of the commit that the program was built from. It is the first day of
// Unix time where the build does not know that, so that builds stay alike.
func Date() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if day, _, found := strings.Cut(s.Value, "T"); found && s.Key == "vcs.time" {
				return day
			}
		}
	}
	return "1970-01-01"
}

// Page is a page that is being written.
type Page struct {
	b     strings.Builder
	begun bool // a section has no paragraph yet
}

// New begins a page.
func New(h Head) *Page {
	p := &Page{}
	fmt.Fprintf(&p.b, ".TH \"%s\" %d %s \"%s\"\n", strings.ToUpper(escape(h.Name)), h.Section, h.Date, quoted(h.Source))
	p.b.WriteString(".ad l\n") // a long setting would tear holes into a line that is adjusted
	p.Section("NAME")
	p.text(h.Name + " - " + h.Summary)
	return p
}

// WriteTo writes the page.
func (p *Page) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, p.b.String())
	return int64(n), err
}

// Section begins a section of the page.
func (p *Page) Section(title string) {
	p.macro("SH", title)
	p.begun = true
}

// Subsection begins a part of a section.
func (p *Page) Subsection(title string) {
	p.macro("SS", title)
	p.begun = true
}

// Paragraph writes a paragraph.
func (p *Page) Paragraph(text string) {
	p.paragraph()
	p.text(text)
}

// Term writes what a word means, indented below it.
func (p *Page) Term(term, text string) {
	p.macro("TP")
	p.begun = false
	fmt.Fprintf(&p.b, "\\fB%s\\fR\n", escape(term))
	p.text(text)
}

// Literal writes lines as they are.
func (p *Page) Literal(text string) {
	p.paragraph()
	p.macro("nf")
	for line := range strings.Lines(text) {
		p.line(escape(strings.TrimRight(line, " \n")))
	}
	p.macro("fi")
}

// paragraph begins one. The first of a section needs no macro, and checkers of manual pages
// refuse it there.
func (p *Page) paragraph() {
	if !p.begun {
		p.macro("PP")
	}
	p.begun = false
}

func (p *Page) macro(name string, args ...string) {
	p.b.WriteString("." + name)
	for _, a := range args {
		fmt.Fprintf(&p.b, ` "%s"`, quoted(a))
	}
	p.b.WriteString("\n")
}

// quoted is a text within the quotes of a macro's argument.
func quoted(text string) string { return strings.ReplaceAll(escape(text), `"`, `\(dq`) }

// width is that of the lines of the source: checkers of manual pages ask for less than 80.
const width = 76

// text writes words in lines.
func (p *Page) text(text string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		word = breakable(word)
		if line != "" && len(line)+1+len(word) > width {
			p.line(line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	if line != "" {
		p.line(line)
	}
}

// line writes a line that is escaped already.
func (p *Page) line(text string) {
	if strings.HasPrefix(text, ".") {
		text = `\&` + text // not a macro
	}
	p.b.WriteString(text + "\n")
}

// special are the characters that troff would print as others, or take for requests.
var special = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`)

func escape(text string) string {
	var b strings.Builder
	for _, r := range special.Replace(text) {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, `\[u%04X]`, r)
	}
	return b.String()
}

// breakable lets a list that is longer than half a line go on in the next one.
func breakable(word string) string {
	if len(word) <= width/2 {
		return escape(word)
	}
	return strings.ReplaceAll(escape(word), ",", `,\:`)
}
