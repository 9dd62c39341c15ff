package policy

import (
	_ "embed"
	"strings"
	"text/template"
)

//go:embed role.yaml.tmpl
var roleTemplate string

// Role returns a CloudFormation template of the role that scans assume, with a
// managed policy for each of docs.
func Role(docs []Document) string {
	t := template.Must(template.New("role").Parse(roleTemplate))
	var b strings.Builder
	if err := t.Execute(&b, docs); err != nil {
		panic(err) // the template is part of the program
	}
	return b.String()
}
