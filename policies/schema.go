package policies

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/consolesensei/resource-tracker/internal/spelling"
	"github.com/consolesensei/resource-tracker/policies/internal/tree"
)

// Schema is the JSON schema of a file, for editors and for checks elsewhere.
//
//go:embed schema.json
var Schema []byte

var compiled = sync.OnceValue(func() *jsonschema.Schema {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("policies.json", document); err != nil {
		panic(err)
	}
	return c.MustCompile("policies.json")
})

// actionNames are the members of a policy that say what is to be done.
var actionNames = []string{"report", "tag", "notify", "plan", "schedule"}

// schemaFaults are what the schema has against a file.
func (f *File) schemaFaults(root *tree.Node) {
	// The validator knows numbers of JSON only as they are decoded from it.
	err := compiled().Validate(root.Plain())
	if err == nil {
		return
	}
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		if _, choice := e.ErrorKind.(*kind.OneOf); choice || len(e.Causes) == 0 {
			f.schemaFault(root, e)
			return
		}
		for _, c := range e.Causes {
			walk(c)
		}
	}
	walk(err.(*jsonschema.ValidationError)) //nolint:errorlint // Validate returns nothing else
}

func (f *File) schemaFault(root *tree.Node, e *jsonschema.ValidationError) {
	at, field := root.At(e.InstanceLocation...), fieldOf(e.InstanceLocation)
	add := func(at *tree.Node, field, format string, args ...any) {
		f.fault(at, field, format, args...)
	}
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		known := knownKeys(e)
		for _, name := range k.Properties {
			add(at.Key(name), strings.TrimPrefix(field+"."+name, "."), "unknown key%s; allowed: %s", meant(name, known), strings.Join(known, ", "))
		}
	case *kind.Required:
		add(at, field, "lacks %s", strings.Join(k.Missing, ", "))
	case *kind.OneOf:
		var given []string
		for _, name := range actionNames {
			if at.Get(name) != nil {
				given = append(given, name)
			}
		}
		if len(given) == 0 {
			add(at, field, "says not what to do: needs one of %s", strings.Join(actionNames, ", "))
			return
		}
		add(at.Key(given[1]), field, "has %s: a policy does one thing", strings.Join(given, " and "))
	case *kind.Enum:
		allowed := make([]string, len(k.Want))
		for i, v := range k.Want {
			allowed[i] = fmt.Sprint(v)
		}
		add(at, field, "%v is none of %s%s", k.Got, strings.Join(allowed, ", "), meant(fmt.Sprint(k.Got), allowed))
	case *kind.Type:
		add(at, field, "expected %s, not %s", strings.Join(k.Want, " or "), k.Got)
	case *kind.Const:
		add(at, field, "expected %v", k.Want)
	default:
		add(at, field, "%s", e.ErrorKind.LocalizedString(message.NewPrinter(language.English)))
	}
}

// fieldOf names a place as people write it, such as policies[0].plan.verb.
func fieldOf(path []string) string {
	var b strings.Builder
	for _, step := range path {
		switch {
		case step != "" && strings.Trim(step, "0123456789") == "":
			b.WriteString("[" + step + "]")
		case b.Len() > 0:
			b.WriteString("." + step)
		default:
			b.WriteString(step)
		}
	}
	return b.String()
}

// knownKeys are the keys that the object has in the schema.
func knownKeys(e *jsonschema.ValidationError) []string {
	_, fragment, _ := strings.Cut(e.SchemaURL, "#")
	s := compiled()
	for step := range strings.SplitSeq(strings.TrimPrefix(fragment, "/"), "/") {
		switch next := definition(step); {
		case next != nil:
			s = next
		case s.Properties[step] != nil:
			s = s.Properties[step]
		}
	}
	var known []string
	for name := range s.Properties {
		known = append(known, name)
	}
	slices.Sort(known)
	return known
}

// definition is one of $defs by its name.
func definition(name string) *jsonschema.Schema {
	policy := compiled().Properties["policies"].Items2020.Ref
	for policy.Ref != nil {
		policy = policy.Ref
	}
	if name == "policy" {
		return policy
	}
	if s := policy.Properties[name]; s != nil && s.Ref != nil {
		return s.Ref
	}
	return nil
}

// meant is the name that a misspelt one may have been meant to be, as a question.
func meant(name string, known []string) string {
	if near := spelling.Nearest(name, slices.Values(known)); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
