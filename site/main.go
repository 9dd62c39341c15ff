// Command site makes the documentation into a site: the README is its first page, and each
// document of docs/ one more. Its pages lead to each other by relative addresses, so that
// they can be served from anywhere, and read from a disk.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	root := flag.String("root", "..", "the repository's `folder`")
	out := flag.String("o", "../bin/site", "the `folder` that the site is written to")
	flag.Parse()
	if err := build(os.DirFS(*root), *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
