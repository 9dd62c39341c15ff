package main

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// imageFolder is where the site has its images.
const imageFolder = "images"

const repository = "https://github.com/consolesensei/resource-tracker"

// page is a document as the site shows it.
type page struct {
	Document, Address string
	Title, Summary    string
	Body              template.HTML
	Headings          []heading // of the second level
	Images            []string  // by their paths in the repository
	Passages          []passage
}

type heading struct{ ID, Text string }

// passage is what the search looks through: the text below a heading.
type passage struct {
	Page    string `json:"page"`
	Heading string `json:"heading"`
	Address string `json:"address"`
	Text    string `json:"text"`
}

// Documents hold HTML of their own, such as <br> in tables.
var markdown = goldmark.New(
	goldmark.WithExtensions(
		// The policy of the pages takes no style from a document.
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Linkify, extension.Strikethrough, extension.TaskList,
	),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	goldmark.WithRendererOptions(html.WithUnsafe()),
)

// read makes a page of a document.
func read(root fs.FS, document string) (page, error) {
	source, err := fs.ReadFile(root, document)
	if err != nil {
		return page{}, err
	}
	p := page{Document: document, Address: address(document)}
	context := parser.NewContext(parser.WithIDs(anchors{}))
	doc := markdown.Parser().Parse(text.NewReader(source), parser.WithContext(context))
	if err := p.walk(root, doc, source); err != nil {
		return page{}, fmt.Errorf("%s: %w", document, err)
	}
	var b bytes.Buffer
	if err := markdown.Renderer().Render(&b, source, doc); err != nil {
		return page{}, err
	}
	// What is wider than the page scrolls, and so must be within reach of the keyboard.
	body := strings.NewReplacer(
		"<pre>", `<pre tabindex="0">`,
		"<table>", `<div class="wide" tabindex="0" role="group" aria-label="Table"><table>`,
		"</table>", "</table></div>",
		"<th></th>", "<td></td>",
	).Replace(b.String())
	p.Body = template.HTML(body)
	return p, nil
}

// walk leads links to where they lead on the site, and collects headings and text.
func (p *page) walk(root fs.FS, doc ast.Node, source []byte) error {
	return ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			p.heading(n, source)
		case *ast.Paragraph:
			if p.Summary == "" {
				p.Summary = plain(n, source)
			}
		case *ast.Link:
			to, err := p.lead(root, string(n.Destination))
			if err != nil {
				return ast.WalkStop, err
			}
			n.Destination = []byte(to)
		case *ast.Image:
			file := path.Join(path.Dir(p.Document), string(n.Destination))
			if _, err := fs.Stat(root, file); err != nil {
				return ast.WalkStop, fmt.Errorf("%s: there is no image %s", p.Document, n.Destination)
			}
			p.Images = append(p.Images, file)
			n.Destination = []byte(imageFolder + "/" + path.Base(file))
		}
		if n.Type() == ast.TypeBlock && !n.HasChildren() || n.Kind() == ast.KindParagraph || n.Kind() == ast.KindTextBlock || n.Kind().String() == "TableCell" {
			p.say(plain(n, source))
		}
		return ast.WalkContinue, nil
	})
}

func (p *page) heading(n *ast.Heading, source []byte) {
	title := plain(n, source)
	value, _ := n.AttributeString("id")
	id, _ := value.([]byte)
	if n.Level == 1 && p.Title == "" {
		p.Title = title
	}
	if n.Level == 2 {
		p.Headings = append(p.Headings, heading{string(id), title})
	}
	p.Passages = append(p.Passages, passage{Page: p.Title, Heading: title, Address: p.Address + "#" + string(id)})
}

func (p *page) say(words string) {
	if words != "" && len(p.Passages) > 0 {
		last := &p.Passages[len(p.Passages)-1]
		last.Text = strings.TrimSpace(last.Text + " " + words)
	}
}

// lead says where a link of the document leads on the site: to another page of it, or to
// a file of the repository.
func (p *page) lead(root fs.FS, to string) (string, error) {
	if strings.Contains(to, "://") || strings.HasPrefix(to, "#") || strings.HasPrefix(to, "mailto:") {
		return to, nil
	}
	file, anchor, has := strings.Cut(to, "#")
	if has {
		anchor = "#" + anchor
	}
	file = path.Join(path.Dir(p.Document), file)
	for _, s := range navigation {
		for _, d := range s.Documents {
			if d == file {
				return address(d) + anchor, nil
			}
		}
	}
	info, err := fs.Stat(root, file)
	if err != nil {
		return "", fmt.Errorf("%s leads nowhere", to)
	}
	if info.IsDir() {
		return repository + "/tree/main/" + file, nil
	}
	return repository + "/blob/main/" + file + anchor, nil
}

// plain is the text of a node without its marks.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	if n.Type() == ast.TypeBlock && !n.HasChildren() && n.Kind() != ast.KindHTMLBlock {
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			b.Write(line.Value(source))
		}
	}
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// anchors names headings as GitHub does, so that a link holds in both places.
type anchors map[string]bool

var unnamed = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

func (a anchors) Generate(value []byte, _ ast.NodeKind) []byte {
	name := strings.ReplaceAll(unnamed.ReplaceAllString(strings.ToLower(strings.TrimSpace(string(value))), ""), " ", "-")
	unique := name
	for i := 1; a[unique]; i++ {
		unique = fmt.Sprintf("%s-%d", name, i)
	}
	a[unique] = true
	return []byte(unique)
}

func (a anchors) Put(value []byte) { a[string(value)] = true }
