package scripts

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestProgramsFitOtherSystems checks the types of all packages that the programs are made
// of, on the systems of a release that these tests do not run on. Of the packages of
// others it reads the declarations only, which takes seconds where a build takes minutes.
// The processors of a system differ in nothing that our packages see: the workflow builds
// for all of them.
func TestProgramsFitOtherSystems(t *testing.T) {
	for _, platform := range []string{"darwin/arm64", "windows/amd64"} {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			goos, goarch, _ := strings.Cut(platform, "/")
			for _, fault := range typeFaults(t, goos, goarch) {
				t.Error(fault)
			}
		})
	}
}

type goPackage struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
	Module          *struct{ Main bool }
}

func typeFaults(t *testing.T, goos, goarch string) (faults []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Dir,GoFiles,ImportMap,Module", "./cmd/...")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch)
	list, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	checked, own := map[string]*types.Package{"unsafe": types.Unsafe}, 0
	// The list is sorted: what a package imports stands before it.
	for dec := json.NewDecoder(bytes.NewReader(list)); ; {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			if own < 40 {
				t.Errorf("only %d packages are ours", own)
			}
			return faults
		} else if err != nil {
			t.Fatal(err)
		}
		if p.ImportPath == "unsafe" {
			continue
		}
		ours := p.Module != nil && p.Module.Main
		if ours {
			own++
		}
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		config := types.Config{
			IgnoreFuncBodies: !ours,
			Sizes:            types.SizesFor("gc", goarch),
			Importer:         imported{checked, p.ImportMap},
			Error: func(err error) {
				if ours {
					faults = append(faults, err.Error())
				}
			},
		}
		checked[p.ImportPath], _ = config.Check(p.ImportPath, fset, files, nil)
	}
}

// imported are the packages that were checked before, by the name that they are imported by.
type imported struct {
	checked map[string]*types.Package
	renamed map[string]string
}

func (i imported) Import(path string) (*types.Package, error) {
	if to, ok := i.renamed[path]; ok {
		path = to
	}
	if p, ok := i.checked[path]; ok {
		return p, nil
	}
	return nil, errors.New("nobody lists " + path)
}
