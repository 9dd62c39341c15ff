// Package tree reads YAML as a tree whose parts know where they stand, so that whatever is wrong
// with a file can be told with its line and column.
package tree

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The bounds of a file. Aliases repeat what they name, so that its parts are counted where they
// come to stand.
const (
	maxBytes = 1 << 20
	maxDepth = 64
	maxNodes = 100_000
)

// Kind is what a node is.
type Kind int

// The kinds.
const (
	Null Kind = iota
	Bool
	Number
	Text
	List
	Map
)

// Node is a part of a file.
type Node struct {
	Kind         Kind
	Line, Column int
	Value        any  // bool, int64, float64 or string
	Quoted       bool // text between quotes
	Items        []*Node
	Fields       []Field
}

// Field is a member of a map.
type Field struct {
	Key   *Node // text
	Value *Node
}

// Error says what is wrong with a file, and where.
type Error struct {
	Line, Column int
	Message      string
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// Read reads the one document of a file.
func Read(data []byte) (*Node, error) {
	if len(data) > maxBytes {
		return nil, &Error{1, 1, fmt.Sprintf("the file has more than %d bytes", maxBytes)}
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		if syntax, ok := errors.AsType[*yaml.SyntaxError](err); ok && syntax.GetToken() != nil {
			at := syntax.GetToken().Position
			return nil, &Error{at.Line, at.Column, "not YAML: " + syntax.GetMessage()}
		}
		return nil, &Error{1, 1, "not YAML: " + err.Error()}
	}
	var body ast.Node
	for _, d := range file.Docs {
		switch {
		case d.Body == nil:
		case body != nil:
			line, column := position(d.Body)
			return nil, &Error{line, column, "a file has one document"}
		default:
			body = d.Body
		}
	}
	if body == nil {
		return nil, &Error{1, 1, "the file is empty"}
	}
	r := reader{anchors: map[string]ast.Node{}}
	return r.node(body, 0)
}

// reader turns what the parser found into nodes.
type reader struct {
	anchors map[string]ast.Node
	nodes   int
}

func position(n ast.Node) (line, column int) {
	switch v := n.(type) {
	case *ast.MappingNode:
		if len(v.Values) > 0 {
			return position(v.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return position(v.Key)
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line, t.Position.Column
	}
	return 1, 1
}

func (r *reader) node(n ast.Node, depth int) (*Node, error) {
	line, column := position(n)
	at := &Node{Line: line, Column: column}
	fail := func(format string, args ...any) (*Node, error) {
		return nil, &Error{line, column, fmt.Sprintf(format, args...)}
	}
	if r.nodes++; r.nodes > maxNodes {
		return fail("the file has more than %d parts", maxNodes)
	}
	if depth > maxDepth {
		return fail("nested deeper than %d", maxDepth)
	}
	switch v := n.(type) {
	case *ast.NullNode:
		return at, nil
	case *ast.BoolNode:
		at.Kind, at.Value = Bool, v.Value
	case *ast.IntegerNode:
		at.Kind = Number
		switch i := v.Value.(type) {
		case int64:
			at.Value = i
		case uint64:
			at.Value = int64(i)
			if i > 1<<62 {
				return fail("the number is too large")
			}
		default:
			return fail("not a number")
		}
	case *ast.FloatNode:
		at.Kind, at.Value = Number, v.Value
	case *ast.StringNode:
		at.Kind, at.Value = Text, v.Value
		at.Quoted = v.Token.Type == token.SingleQuoteType || v.Token.Type == token.DoubleQuoteType
	case *ast.LiteralNode:
		at.Kind, at.Value = Text, v.Value.Value
	case *ast.TagNode:
		return r.node(v.Value, depth+1)
	case *ast.AnchorNode:
		r.anchors[v.Name.GetToken().Value] = v.Value
		return r.node(v.Value, depth+1)
	case *ast.AliasNode:
		named, ok := r.anchors[v.Value.GetToken().Value]
		if !ok {
			return fail("no anchor %s comes before", v.Value.GetToken().Value)
		}
		return r.node(named, depth+1)
	case *ast.SequenceNode:
		at.Kind = List
		for _, item := range v.Values {
			child, err := r.node(item, depth+1)
			if err != nil {
				return nil, err
			}
			at.Items = append(at.Items, child)
		}
	case *ast.MappingValueNode:
		at.Kind = Map
		return at, r.fields(at, []*ast.MappingValueNode{v}, depth)
	case *ast.MappingNode:
		at.Kind = Map
		return at, r.fields(at, v.Values, depth)
	default:
		return fail("%s has no meaning here", n.Type())
	}
	return at, nil
}

func (r *reader) fields(at *Node, values []*ast.MappingValueNode, depth int) error {
	for _, v := range values {
		child, err := r.node(v.Value, depth+1)
		if err != nil {
			return err
		}
		if _, merge := v.Key.(*ast.MergeKeyNode); merge {
			for _, f := range child.Fields {
				if at.Get(f.Key.Text()) == nil {
					at.Fields = append(at.Fields, f)
				}
			}
			continue
		}
		key, err := r.node(v.Key, depth+1)
		if err != nil {
			return err
		}
		if key.Kind == List || key.Kind == Map {
			return &Error{key.Line, key.Column, "a key is text"}
		}
		key.Value, key.Kind = key.Text(), Text
		at.Fields = append(at.Fields, Field{key, child})
	}
	return nil
}

// Get is the member of a map with a key; nil where there is none.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		if f.Key.Value == key {
			return f.Value
		}
	}
	return nil
}

// At follows a path of keys and indexes as far as it goes.
func (n *Node) At(path ...string) *Node {
	for _, step := range path {
		next := n.Get(step)
		if i, err := strconv.Atoi(step); err == nil && n.Kind == List && i < len(n.Items) {
			next = n.Items[i]
		}
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// Key is where the key of a member stands; the map itself where it has none.
func (n *Node) Key(key string) *Node {
	for _, f := range n.Fields {
		if f.Key.Value == key {
			return f.Key
		}
	}
	return n
}

// Text is a scalar as text; empty for null and for what is none.
func (n *Node) Text() string {
	if n == nil {
		return ""
	}
	switch v := n.Value.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// Plain is the node as JSON knows it.
func (n *Node) Plain() any {
	switch n.Kind {
	case List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Plain()
		}
		return list
	case Map:
		m := make(map[string]any, len(n.Fields))
		for _, f := range n.Fields {
			m[f.Key.Text()] = f.Value.Plain()
		}
		return m
	case Null, Bool, Number, Text:
	}
	return n.Value
}
