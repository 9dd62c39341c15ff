package cli

import (
	"fmt"

	"github.com/consolesensei/resource-tracker/policies"
)

type policiesCmd struct {
	Schema policiesSchemaCmd `cmd:"" help:"Print the JSON schema of a file of policies, for editors."`
	Check  policiesCheckCmd  `cmd:"" help:"Check a file of policies against what the server knows, and do nothing."`
}

type policiesSchemaCmd struct{}

func (c *policiesSchemaCmd) Run(e *env) error {
	_, err := e.stdout.Write(policies.Schema)
	return err
}

type policiesCheckCmd struct {
	File string `arg:"" help:"A file of policies." placeholder:"FILE"`
}

func (c *policiesCheckCmd) Run(e *env) error {
	file, err := readPolicies(c.File)
	if err != nil {
		return err
	}
	t, err := e.client()
	if err != nil {
		return err
	}
	catalogue, err := policies.ReadCatalogue(e.ctx, t)
	if err != nil {
		return err
	}
	if err := file.Check(catalogue); err != nil {
		return wrongFile(err)
	}
	_, err = fmt.Fprintf(e.stdout, "%s: %s, nothing wrong\n", c.File, policyCount(len(file.Policies)))
	return err
}

func policyCount(n int) string {
	if n == 1 {
		return "1 policy"
	}
	return fmt.Sprintf("%d policies", n)
}
