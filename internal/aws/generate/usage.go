package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// names are what the code names of one service.
type names struct {
	client  map[string]bool // of package ec2: NewFromConfig
	types   map[string]bool // of its package types: Instance
	methods map[string]bool // what follows a dot in a file that imports either: DescribeInstances
}

// sources gives the services that sources.go imports.
func sources(file string) ([]string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var services []string
	for _, i := range f.Imports {
		services = append(services, path.Base(unquote(i)))
	}
	return services, nil
}

func unquote(i *ast.ImportSpec) string { return strings.Trim(i.Path.Value, `"`) }

// usage reads every Go file of the repository but those in internal/aws. It goes by names and not by
// types, because code that calls a new operation has no types yet.
func usage(root string, services []string) (map[string]names, error) {
	used := map[string]names{}
	for _, s := range services {
		used[s] = names{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	}
	err := filepath.WalkDir(root, func(file string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (file == filepath.Join(root, target) || d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		return usageOf(file, used)
	})
	return used, err
}

func usageOf(file string, used map[string]names) error {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	packages := map[string]map[string]bool{} // by their names in this file
	var methods []map[string]bool
	for _, i := range f.Imports {
		full := unquote(i)
		if _, reduced := used[strings.TrimSuffix(strings.TrimPrefix(full, sdk+"service/"), "/types")]; reduced {
			return fmt.Errorf("%s imports %s: import the client in %s", file, full, target)
		}
		service, types := strings.CutSuffix(strings.TrimPrefix(full, module+target+"/"), "/types")
		n, known := used[service]
		if !known {
			continue
		}
		name := path.Base(full)
		if i.Name != nil {
			name = i.Name.Name
		}
		packages[name] = n.client
		if types {
			packages[name] = n.types
		}
		methods = append(methods, n.methods)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && packages[x.Name] != nil {
			packages[x.Name][s.Sel.Name] = true
			return true
		}
		for _, m := range methods {
			m[s.Sel.Name] = true
		}
		return true
	})
	return nil
}
