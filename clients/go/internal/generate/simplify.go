package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// node is an object of the document.
type node = map[string]any

// simplified is the document as the generator of Go code understands it, which knows less than
// JSON Schema does: what has several types becomes any JSON, what can be null becomes a pointer,
// and what only a server reads is left out.
func simplified(document []byte) ([]byte, error) {
	var doc node
	if err := json.Unmarshal(document, &doc); err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	schemas := object(object(doc, "components"), "schemas")
	paths := object(doc, "paths")
	operations(paths)
	sent := sentSchemas(paths, schemas)
	for name, schema := range schemas {
		schemas[name] = simpler(schema.(node), sent[name])
	}
	inlineFree(doc, schemas)
	doc["openapi"] = "3.0.3"
	return json.MarshalIndent(doc, "", " ")
}

// handWritten are operations that the client has in a form of its own: streams, and what plans and
// applies in one answer.
var handWritten = []string{"follow-job", "follow-plan", "act", "act-in-bulk"}

// credentialHeaders say what bodies say, too.
var credentialHeaders = []string{"X-AWS-Access-Key", "X-AWS-Secret-Key", "X-AWS-Session-Token", "Prefer"}

// operations leaves of each operation its parameters, its body in JSON and one answer in JSON.
func operations(paths node) {
	for path, item := range paths {
		for method, op := range item.(node) {
			op, ok := op.(node)
			if !ok {
				continue
			}
			tags, _ := op["tags"].([]any)
			if slices.Contains(tags, any("compatibility")) || slices.Contains(handWritten, op["operationId"].(string)) ||
				path == "/health" {
				delete(item.(node), method)
				continue
			}
			delete(op, "security")
			answer, one := onlyAnswer(object(op, "responses"))
			op["responses"] = answer
			op["parameters"] = parameters(op["parameters"], one)
			if body := object(op, "requestBody"); body != nil {
				body["required"] = true
			}
		}
		if len(item.(node)) == 0 {
			delete(paths, path)
		}
	}
}

// onlyAnswer is the success of an operation that says the least: that the work has begun, where it
// can say so, without headers, and in JSON where it can be. It tells whether that leaves none out.
func onlyAnswer(responses node) (node, bool) {
	codes := slices.DeleteFunc(slices.Sorted(maps.Keys(responses)), func(code string) bool { return code[0] != '2' })
	code := codes[len(codes)-1]
	kinds := map[string]bool{}
	for _, c := range codes {
		content := object(object(object(responses, c), "content"), "application/json")
		kind, _ := json.Marshal(content["schema"])
		kinds[string(kind)] = true
	}
	response := node{"description": object(responses, code)["description"]}
	if content := object(object(object(responses, code), "content"), "application/json"); content != nil {
		response["content"] = node{"application/json": content}
	}
	return node{code: response}, len(kinds) == 1
}

// parameters are those that the client sends. It waits only where waiting does not change what is answered.
func parameters(from any, waits bool) []any {
	list, _ := from.([]any)
	kept := []any{}
	for _, p := range list {
		p := p.(node)
		if slices.Contains(credentialHeaders, p["name"].(string)) || p["name"] == "format" || p["name"] == "wait" && !waits {
			continue
		}
		schema := optional(simpler(object(p, "schema"), true), false, !positive(object(p, "schema")))
		p["description"] = schema["description"]
		delete(schema, "description")
		p["schema"] = schema
		kept = append(kept, p)
	}
	return kept
}

// sentSchemas are the names of the schemas that bodies of requests are made of.
func sentSchemas(paths, schemas node) map[string]bool {
	sent := map[string]bool{}
	var visit func(any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, element := range v {
				visit(element)
			}
		case node:
			if name := refName(v); name != "" && !sent[name] {
				sent[name] = true
				visit(schemas[name])
			}
			for _, member := range v {
				visit(member)
			}
		}
	}
	for _, item := range paths {
		for _, op := range item.(node) {
			visit(object(op.(node), "requestBody"))
		}
	}
	return sent
}

// kept are the words of a schema that decide about a type in Go, or say what it is.
var kept = []string{"$ref", "type", "format", "description", "properties", "required", "items", "additionalProperties", "x-go-type-skip-optional-pointer"}

// simpler is a schema in the words that the generator knows. In what is sent, numbers and booleans
// that are left out differ from zero.
func simpler(schema node, sent bool) node {
	s := maps.Clone(schema)
	if values, ok := s["enum"].([]any); ok && s["type"] == "string" {
		s["description"] = strings.TrimSpace(fmt.Sprint(text(s["description"]), " One of ", listed(values)))
	}
	s = notNull(s)
	if _, several := s["type"].([]any); several || s["oneOf"] != nil || s["anyOf"] != nil {
		delete(s, "type")
	}
	maps.DeleteFunc(s, func(word string, _ any) bool { return !slices.Contains(kept, word) })
	if format := s["format"]; s["type"] == "number" {
		s["format"] = "double"
	} else if format != "date-time" {
		delete(s, "format")
	}
	if items, ok := s["items"].(node); ok {
		element := simpler(items, sent)
		if element["type"] == "string" && nullable(items) {
			element["x-go-type"] = "*string"
		}
		s["items"] = element
	}
	values, ok := s["additionalProperties"].(node)
	properties := object(s, "properties")
	switch {
	case properties != nil:
		delete(s, "additionalProperties")
		s["properties"] = members(properties, sent)
	case ok:
		s["additionalProperties"] = simpler(values, sent)
	case s["type"] == "object":
		s["additionalProperties"] = node{}
	}
	return s
}

// members simplifies the members of an object.
func members(properties node, sent bool) node {
	simple := node{}
	for name, member := range properties {
		null := nullable(member.(node))
		m := optional(simpler(member.(node), sent), null, sent && !positive(member.(node)))
		if null && m["$ref"] != nil {
			m["allOf"] = []any{node{"$ref": m["$ref"]}}
			delete(m, "$ref")
		}
		if null {
			m["nullable"] = true
		}
		simple[name] = m
	}
	return simple
}

// optional says how what is left out is written in Go: as a pointer, where it can be null, differs from zero or is large.
func optional(s node, null, differs bool) node {
	pointer := null
	switch s["type"] {
	case "string":
		pointer = null || s["format"] == "date-time"
	case "boolean", "integer", "number":
		pointer = null || differs
	case "array", "object":
		pointer = false
	case nil:
		pointer = s["$ref"] != nil
	}
	if !pointer {
		s["x-go-type-skip-optional-pointer"] = true
	}
	return s
}

// positive tells whether a number is never zero.
func positive(s node) bool {
	least, ok := s["minimum"].(float64)
	return ok && least > 0
}

// inlineFree puts schemas that hold any JSON in the places that refer to them.
func inlineFree(v any, schemas node) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			inlineFree(element, schemas)
		}
	case node:
		for _, member := range v {
			inlineFree(member, schemas)
		}
		if free, ok := schemas[refName(v)].(node); ok && free["type"] == nil {
			delete(v, "$ref")
			for word, value := range free {
				if v[word] == nil {
					v[word] = value
				}
			}
		}
	}
}

// notNull is a schema without null, where it can be null besides.
func notNull(s node) node {
	if types, ok := s["type"].([]any); ok {
		if rest := slices.DeleteFunc(slices.Clone(types), func(t any) bool { return t == "null" }); len(rest) == 1 {
			s["type"] = rest[0]
		}
	}
	if either, ok := s["anyOf"].([]any); ok && len(either) == 2 && nullable(s) {
		delete(s, "anyOf")
		maps.Copy(s, either[0].(node))
	}
	return s
}

// nullable tells whether a schema holds null.
func nullable(s node) bool {
	types, _ := s["type"].([]any)
	either, _ := s["anyOf"].([]any)
	return slices.Contains(types, any("null")) ||
		slices.ContainsFunc(either, func(e any) bool { return e.(node)["type"] == "null" })
}

func object(of node, member string) node {
	o, _ := of[member].(node)
	return o
}

func refName(s node) string {
	ref, _ := s["$ref"].(string)
	return strings.TrimPrefix(ref, "#/components/schemas/")
}

func text(v any) string {
	s, _ := v.(string)
	if s != "" && !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

func listed(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	return strings.Join(words, ", ")
}
