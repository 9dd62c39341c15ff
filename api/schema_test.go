package api_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/consolesensei/resource-tracker/api"
)

// schemas compiles schemas of the document, each once.
type schemas struct {
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema
}

var answered = sync.OnceValues(func() (*schemas, error) {
	b, err := api.OpenAPI(api.Options{})
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	return &schemas{compiler: c, compiled: map[string]*jsonschema.Schema{}}, c.AddResource("openapi.json", doc)
})

func (s *schemas) of(pointer string) (*jsonschema.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.compiled[pointer]; known != nil {
		return known, nil
	}
	compiled, err := s.compiler.Compile("openapi.json#" + pointer)
	s.compiled[pointer] = compiled
	return compiled, err
}

// validates holds the body of an answer in JSON against the operation's schema of it.
func (o operation) validates(code int, media, body string) error {
	if media != "application/json" && media != "application/problem+json" {
		return nil
	}
	all, err := answered()
	if err != nil {
		return err
	}
	escape := func(name string) string {
		return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
	}
	schema, err := all.of(fmt.Sprintf("/paths/%s/%s/responses/%d/content/%s/schema", escape(o.path), strings.ToLower(o.method), code, escape(media)))
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}
