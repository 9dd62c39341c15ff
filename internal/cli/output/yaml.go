package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
)

// writeYAML writes JSON as YAML, with the members in their order. A text with what a terminal would obey is
// quoted as JSON has it, which YAML reads too.
func writeYAML(w io.Writer, raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var b strings.Builder
	if err := yamlValue(&b, d, "", ""); err != nil {
		return fmt.Errorf("write YAML: %w", err)
	}
	_, err := io.WriteString(w, strings.TrimPrefix(b.String(), "\n"))
	return err
}

// yamlValue writes the value that the decoder has next. What has members begins a line of its own, or goes on behind the
// dash of a list.
func yamlValue(b *strings.Builder, d *json.Decoder, indent, dash string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := token.(json.Delim)
	if !ok {
		text, err := yamlScalar(token)
		b.WriteString(" " + text + "\n")
		return err
	}
	if !d.More() {
		b.WriteString(map[json.Delim]string{'[': " []\n", '{': " {}\n"}[open])
		_, err := d.Token()
		return err
	}
	lead := dash
	if dash == "" {
		lead = "\n"
	}
	for ; d.More(); lead = indent {
		if lead == "\n" {
			lead += indent
		}
		b.WriteString(lead)
		if open == '[' {
			b.WriteString("-")
			err = yamlValue(b, d, indent+"  ", " ")
		} else {
			err = yamlMember(b, d, indent)
		}
		if err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func yamlMember(b *strings.Builder, d *json.Decoder, indent string) error {
	name, err := d.Token()
	if err != nil {
		return err
	}
	text, err := yamlScalar(name)
	if err != nil {
		return err
	}
	b.WriteString(text + ":")
	return yamlValue(b, d, indent+"  ", "")
}

func yamlScalar(token json.Token) (string, error) {
	switch v := token.(type) {
	case nil:
		return "null", nil
	case json.Number:
		return v.String(), nil
	case string:
		if strings.ContainsFunc(v, commands) {
			raw, err := Encode(v)
			return string(safe(raw)), err
		}
	}
	raw, err := yaml.Marshal(token)
	return strings.TrimSpace(string(raw)), err
}
