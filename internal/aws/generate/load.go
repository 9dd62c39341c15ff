package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A source is a package of the SDK, parsed without its comments and checked.
type source struct {
	path  string
	names []string // of files
	files []*ast.File
	types *types.Package
	info  *types.Info
}

// listed is what `go list` says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Imports        []string
}

// A loader checks the packages that are copied. What these import is read from what the
// compiler wrote of it.
type loader struct {
	fset     *token.FileSet
	listed   map[string]listed
	checked  map[string]*source
	compiled types.Importer
}

func newLoader(root string, services []string) (*loader, error) {
	l := &loader{fset: token.NewFileSet(), listed: map[string]listed{}, checked: map[string]*source{}}
	args := []string{"-deps", "-json=ImportPath,Dir,GoFiles,Imports"}
	for _, s := range services {
		args = append(args, sdk+"service/"+s)
	}
	all, err := list(root, args)
	if err != nil {
		return nil, err
	}
	others := map[string]bool{}
	for _, p := range all {
		if !copied(p.ImportPath) {
			continue
		}
		l.listed[p.ImportPath] = p
		for _, i := range p.Imports {
			others[i] = !copied(i) && i != "unsafe"
		}
	}
	maps.DeleteFunc(others, func(_ string, other bool) bool { return !other })
	all, err = list(root, append([]string{"-deps", "-export", "-json=ImportPath,Export"}, slices.Sorted(maps.Keys(others))...))
	if err != nil {
		return nil, err
	}
	export := map[string]string{}
	for _, p := range all {
		export[p.ImportPath] = p.Export
	}
	l.compiled = importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	return l, nil
}

func list(root string, args []string) ([]listed, error) {
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir, cmd.Stderr = root, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// load gives the service's package and those that are copied with it.
func (l *loader) load(service string) ([]*source, error) {
	var all []*source
	seen := map[string]bool{}
	var visit func(path string) error
	visit = func(path string) error {
		if seen[path] || !copied(path) {
			return nil
		}
		seen[path] = true
		for _, i := range l.listed[path].Imports {
			if err := visit(i); err != nil {
				return err
			}
		}
		p, err := l.check(path)
		all = append(all, p)
		return err
	}
	err := visit(sdk + "service/" + service)
	return all, err
}

func (l *loader) check(path string) (*source, error) {
	if p := l.checked[path]; p != nil {
		return p, nil
	}
	p := &source{path: path, info: &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}}
	for _, name := range l.listed[path].GoFiles {
		f, err := parser.ParseFile(l.fset, filepath.Join(l.listed[path].Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.files, p.names = append(p.files, f), append(p.names, name)
	}
	config := types.Config{Importer: l}
	var err error
	p.types, err = config.Check(path, l.fset, p.files, p.info)
	l.checked[path] = p
	return p, err
}

// Import implements types.Importer.
func (l *loader) Import(path string) (*types.Package, error) {
	if !copied(path) {
		return l.compiled.Import(path)
	}
	p, err := l.check(path)
	if err != nil {
		return nil, err
	}
	return p.types, nil
}

// signing is the one package of the SDK's own that has a counterpart here, because a
// copy of it would not see the clock's skew that the SDK's retries measure.
const signing = sdk + "internal/auth/smithy"

// copied says that a package is copied: a service's, or one that only the SDK's own
// packages may import.
func copied(path string) bool {
	return path != signing && (strings.HasPrefix(path, sdk+"service/") || strings.HasPrefix(path, sdk+"internal/"))
}

// local is the import path here of a package of the SDK.
func local(path string) string {
	switch {
	case path == signing:
		return module + target + "/signing"
	case copied(path):
		return module + target + "/" + strings.TrimPrefix(strings.TrimPrefix(path, sdk), "service/")
	}
	return path
}
