// Package web holds the built console: the pages that people use the service by. What is
// embedded is made from the sources beside it by `npm run build`, and committed, so that
// the programs are built by Go alone.
package web

import (
	"embed"
	"io/fs"
)

//go:embed dist
var dist embed.FS

// Files are the console's: index.html, and in assets what it loads, under names that
// change with their content.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return files
}
