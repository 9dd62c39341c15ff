package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A unit is kept or left out as a whole: a function, a method, a type, a variable, a
// group of constants or a statement of func init.
type unit struct {
	node ast.Node
	uses []types.Object
}

// A graph finds what is kept of a service's packages.
type graph struct {
	service  string
	sources  []*source
	units    map[types.Object]*unit
	methods  map[types.Object][]types.Object // of a type, those that are kept with it
	members  map[types.Object][]*unit        // of a schema, the statements that complete it
	starting []*unit                         // the other statements of func init
	reached  map[types.Object]bool
	kept     map[ast.Node]bool
}

func newGraph(service string, sources []*source) *graph {
	g := &graph{
		service: service, sources: sources,
		units:   map[types.Object]*unit{},
		methods: map[types.Object][]types.Object{},
		members: map[types.Object][]*unit{},
		reached: map[types.Object]bool{},
		kept:    map[ast.Node]bool{},
	}
	for _, p := range sources {
		for _, f := range p.files {
			for _, d := range f.Decls {
				switch d := d.(type) {
				case *ast.FuncDecl:
					g.function(p, d)
				case *ast.GenDecl:
					g.declaration(p, d)
				}
			}
		}
	}
	return g
}

func (g *graph) function(p *source, d *ast.FuncDecl) {
	if d.Name.Name == "init" && d.Recv == nil {
		for _, s := range d.Body.List {
			g.statement(p, s)
		}
		return
	}
	f := p.info.Defs[d.Name].(*types.Func)
	g.units[f] = newUnit(p, d)
	if d.Recv != nil {
		if of := receiver(f); g.withType(of, f.Name()) {
			g.methods[of] = append(g.methods[of], f)
		}
	}
}

// statement adds a statement of func init. Those of schemas each add a member to one.
func (g *graph) statement(p *source, s ast.Stmt) {
	u := newUnit(p, s)
	if a, ok := s.(*ast.AssignStmt); ok {
		if call, ok := a.Rhs[0].(*ast.CallExpr); ok {
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "AddMember" {
				of := p.info.Uses[f.X.(*ast.Ident)]
				g.members[of] = append(g.members[of], u)
				return
			}
		}
	}
	g.starting = append(g.starting, u)
}

func (g *graph) declaration(p *source, d *ast.GenDecl) {
	group := newUnit(p, d)
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			g.units[p.info.Defs[s.Name]] = newUnit(p, s)
		case *ast.ValueSpec:
			u := group
			if d.Tok != token.CONST {
				u = newUnit(p, s)
			}
			for _, n := range s.Names {
				if n.Name != "_" { // only the compiler reads what has no name
					g.units[p.info.Defs[n]] = u
				}
			}
		}
	}
}

func newUnit(p *source, n ast.Node) *unit {
	u := &unit{node: n}
	ast.Inspect(n, func(n ast.Node) bool {
		if i, ok := n.(*ast.Ident); ok {
			if o := p.info.Uses[i]; o != nil && o.Pkg() != nil && copied(o.Pkg().Path()) {
				u.uses = append(u.uses, o)
			}
		}
		return true
	})
	return u
}

func receiver(f *types.Func) types.Object {
	t := f.Signature().Recv().Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.(*types.Named).Obj()
}

var failure = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// withType says that a method is kept with its type, as something may call it by an
// interface. The others are kept where their name is called: the operations of a
// client, and what reads or writes an answer or a request by its schema. Schemas write
// inputs, and read outputs and errors.
func (g *graph) withType(of types.Object, method string) bool {
	own := of.Pkg().Path() == sdk+"service/"+g.service
	switch method {
	case "Values", "SerializeMembers":
		return false
	case "Serialize":
		return own && strings.HasSuffix(of.Name(), "Input")
	case "Deserialize":
		return own && strings.HasSuffix(of.Name(), "Output") || types.Implements(types.NewPointer(of.Type()), failure)
	}
	return !own || of.Name() != "Client" && of.Name() != "PresignClient"
}

// reach gives the nodes that are kept: what is named, and all that it uses.
func (g *graph) reach(used names) map[ast.Node]bool {
	for _, p := range g.sources {
		switch p.path {
		case sdk + "service/" + g.service:
			g.named(p, used.client)
		case sdk + "service/" + g.service + "/types":
			g.named(p, used.types)
		}
	}
	for o := range g.units {
		if f, ok := o.(*types.Func); ok && f.Signature().Recv() != nil && used.methods[f.Name()] {
			if of := receiver(f); of.Name() == "Client" || g.reached[of] {
				g.keep(f)
			}
		}
	}
	for _, u := range g.starting {
		g.keepUnit(u)
	}
	return g.kept
}

func (g *graph) named(p *source, used map[string]bool) {
	for name := range used {
		if o := p.types.Scope().Lookup(name); o != nil {
			g.keep(o)
		}
	}
}

func (g *graph) keep(o types.Object) {
	u := g.units[o]
	if u == nil || g.reached[o] {
		return
	}
	g.reached[o] = true
	g.keepUnit(u)
	for _, m := range g.methods[o] {
		g.keep(m)
	}
	for _, m := range g.members[o] {
		g.keepUnit(m)
	}
}

func (g *graph) keepUnit(u *unit) {
	if g.kept[u.node] {
		return
	}
	g.kept[u.node] = true
	for _, o := range u.uses {
		g.keep(o)
	}
}
