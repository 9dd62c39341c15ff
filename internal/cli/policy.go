package cli

import (
	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

// uses are the flags that say what a policy is for.
type uses struct {
	Types   []string `help:"Types to scan; none is all." placeholder:"TYPE"`
	Actions []string `help:"Actions to carry out, such as stop or EC2_Instance:stop." placeholder:"ACTION"`
	Details []string `help:"Details that scans ask for." placeholder:"DETAIL"`
	Metrics bool     `help:"Scans read metrics."`
	Billed  bool     `help:"Scans read billed costs."`
}

type policyCmd struct {
	uses
}

func (c *policyCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	a, err := t.ReadPolicy(e.ctx, &client.ReadPolicyParams{
		Types: c.Types, Actions: c.Actions, Details: c.Details, Metrics: flagged(c.Metrics), Billed: flagged(c.Billed),
	})
	if err != nil {
		return err
	}
	return e.documents(a.Policies)
}

// documents prints IAM policies, which are JSON whatever form was asked for, unless it is YAML.
func (e *env) documents(policies []map[string]any) error {
	o := e.options()
	if o.Columns = nil; o.Format != output.YAML {
		o.Format = output.JSON
	}
	if len(policies) > 1 {
		e.note("IAM takes no policy so long: these are %d, and the user or role needs them all", len(policies))
	}
	for _, p := range policies {
		raw, err := output.Encode(p)
		if err != nil {
			return err
		}
		if _, err := o.Object(e.stdout, nil, raw); err != nil {
			return err
		}
	}
	return nil
}
