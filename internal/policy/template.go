package policy

import (
	_ "embed"
	"strings"
	"text/template"
)

//go:embed role.yaml.tmpl
var roleTemplate string

// Role returns a CloudFormation template of the role that scans assume, with a
// managed policy for each document. Where there are actions, the template also
// has a role for them, which a stack has only when it is asked for.
func Role(scan, actions []Document) string {
	t := template.Must(template.New("role").Parse(roleTemplate))
	var b strings.Builder
	if err := t.Execute(&b, struct{ Scan, Actions []Document }{scan, actions}); err != nil {
		panic(err) // the template is part of the program
	}
	return b.String()
}
