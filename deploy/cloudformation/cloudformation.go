// Package cloudformation reads templates of CloudFormation, so that tests can hold those of
// this folder to what the programs and AWS ask of them.
package cloudformation

import (
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Read returns a template with its functions in their long form: !Ref X is {"Ref": "X"},
// as in JSON. CloudFormation knows no aliases, so neither does Read.
func Read(path string) (map[string]any, error) {
	text, err := os.ReadFile(path) // #nosec G304 -- a template of the repository
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, err
	}
	value, err := decode(file.Docs[0].Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	template, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s is no template", path)
	}
	return template, nil
}

func decode(node ast.Node) (any, error) {
	switch n := node.(type) {
	case *ast.MappingNode:
		m := map[string]any{}
		for _, v := range n.Values {
			if err := put(m, v); err != nil {
				return nil, err
			}
		}
		return m, nil
	case *ast.MappingValueNode:
		m := map[string]any{}
		return m, put(m, n)
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, v := range n.Values {
			var err error
			if list[i], err = decode(v); err != nil {
				return nil, err
			}
		}
		return list, nil
	case *ast.TagNode:
		value, err := decode(n.Value)
		return long(strings.TrimPrefix(n.Start.Value, "!"), value), err
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return nil, fmt.Errorf("line %d: CloudFormation knows no aliases", n.GetToken().Position.Line)
	default:
		var value any
		err := yaml.NodeToValue(n, &value)
		return value, err
	}
}

func put(m map[string]any, v *ast.MappingValueNode) error {
	key := v.Key.GetToken().Value
	if _, twice := m[key]; twice {
		return fmt.Errorf("%s is there twice", key)
	}
	value, err := decode(v.Value)
	m[key] = value
	return err
}

// long is a function in its long form.
func long(name string, value any) map[string]any {
	switch name {
	case "Ref", "Condition":
		return map[string]any{name: value}
	case "GetAtt":
		resource, attribute, _ := strings.Cut(fmt.Sprint(value), ".")
		value = []any{resource, attribute}
	}
	return map[string]any{"Fn::" + name: value}
}
