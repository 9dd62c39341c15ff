package policy

import (
	_ "embed"
	"strings"
	"text/template"
)

//go:embed role.yaml.tmpl
var roleTemplate string

// Trusted is what a template says of one account's role. The zero value leaves it to
// the stack's parameters.
type Trusted struct {
	Principal, ExternalID string
	Name, Path            string // of the role
	Changes               bool   // whether the role changes resources
}

// Role returns a CloudFormation template of the role that scans assume, with a
// managed policy for each document. Where there are actions, the template also
// has a role for them, which a stack has only when it is asked for.
func Role(scan, actions []Document) string { return role(Trusted{}, scan, actions) }

// RoleFor returns a template of one role with all documents, for one account.
func RoleFor(t Trusted, all []Document) string { return role(t, all, nil) }

func role(trusted Trusted, scan, actions []Document) string {
	t := template.Must(template.New("role").Parse(roleTemplate))
	var b strings.Builder
	if err := t.Execute(&b, struct {
		Trusted
		Scan, Actions []Document
	}{trusted, scan, actions}); err != nil {
		panic(err) // the template is part of the program
	}
	return b.String()
}
