package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

//go:embed layout.html style.css search.js
var theme embed.FS

var layout = template.Must(template.ParseFS(theme, "layout.html"))

// view is what the layout shows.
type view struct {
	page
	Sections       []menu
	Previous, Next *page
	Repository     string
}

type menu struct {
	Name  string
	Pages []*page
}

// build writes the site of a repository to a folder.
func build(root fs.FS, out string) error {
	var pages []*page
	var sections []menu
	for _, s := range navigation {
		m := menu{Name: s.Name}
		for _, document := range s.Documents {
			p, err := read(root, document)
			if err != nil {
				return err
			}
			pages = append(pages, &p)
			m.Pages = append(m.Pages, &p)
		}
		sections = append(sections, m)
	}
	if err := os.MkdirAll(filepath.Join(out, imageFolder), 0o755); err != nil {
		return err
	}
	write := func(name string, content []byte) error { return os.WriteFile(filepath.Join(out, name), content, 0o644) }

	passages := []passage{}
	for i, p := range pages {
		v := view{page: *p, Sections: sections, Repository: repository}
		if i > 0 {
			v.Previous = pages[i-1]
		}
		if i+1 < len(pages) {
			v.Next = pages[i+1]
		}
		var b bytes.Buffer
		if err := layout.Execute(&b, v); err != nil {
			return err
		}
		if err := write(p.Address, b.Bytes()); err != nil {
			return err
		}
		for _, image := range p.Images {
			content, err := fs.ReadFile(root, image)
			if err != nil {
				return err
			}
			if err := write(path.Join(imageFolder, path.Base(image)), content); err != nil {
				return err
			}
		}
		passages = append(passages, p.Passages...)
	}
	index, err := json.Marshal(passages)
	if err != nil {
		return err
	}
	if err := write("search.json", index); err != nil {
		return err
	}
	for _, name := range []string{"style.css", "search.js"} {
		content, err := theme.ReadFile(name)
		if err != nil {
			return err
		}
		if err := write(name, content); err != nil {
			return err
		}
	}
	// Pages of GitHub are then served as they are.
	return write(".nojekyll", nil)
}
