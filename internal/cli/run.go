package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/consolesensei/resource-tracker/internal/cli/output"
	"github.com/consolesensei/resource-tracker/policies"
)

type runCmd struct {
	File    string   `arg:"" help:"A file of policies." placeholder:"FILE"`
	Apply   bool     `help:"Carry out what the policies say, within their limits; without it plans are made only, and nothing is changed."`
	Job     string   `help:"Look at a finished scan, in place of a new one of what the policies need." placeholder:"JOB"`
	Only    []string `help:"Only the policies of these names." placeholder:"NAME"`
	Regions []string `help:"Only these regions." placeholder:"REGION"`
	SARIF   string   `help:"Write the results to a file as SARIF, for viewers of code scanning; - is stdout." name:"sarif" placeholder:"FILE"`
	JUnit   string   `help:"Write the results to a file as JUnit, for CI; - is stdout." name:"junit" placeholder:"FILE"`
	access
}

var policyColumns = []output.Column{
	{Name: "policy", Kind: output.ID},
	{Name: "action"},
	{Name: "state", Kind: output.State},
	{Name: "matched", Kind: output.Number},
	{Name: "cost", Path: "monthly_cost", Kind: output.Money},
	{Name: "plan"},
	{Name: "saving", Kind: output.Money},
	{Name: "refused", Kind: output.Number},
	{Name: "message"},
	{Name: "unknown", Path: "cost_unknown", Kind: output.Number, Wide: true},
}

// policyRow is a policy as tables show it.
type policyRow struct {
	*policies.Result
	Plan    string   `json:"plan,omitempty"`
	Saving  *float64 `json:"saving,omitempty"`
	Refused int      `json:"refused"`
	Message string   `json:"message,omitempty"`
}

func (c *runCmd) Run(e *env) error {
	file, err := readPolicies(c.File)
	if err != nil {
		return err
	}
	t, err := e.client()
	if err != nil {
		return err
	}
	report, err := policies.Run(e.ctx, t, file, policies.Options{
		JobID: c.Job, Apply: c.Apply, Only: c.Only, Regions: c.Regions, Getenv: e.getenv,
		Credentials: func(context.Context) (policies.Credentials, error) {
			k, err := c.keys(e)
			return policies.Credentials{Account: k.account, RoleARN: k.roleARN, ExternalID: k.externalID, Sealed: k.sealed}, err
		},
		Watch: e.watch,
	})
	if err != nil {
		return wrongFile(err)
	}
	if err := c.write(e, report); err != nil {
		return err
	}
	return ends(report.Code())
}

// wrongFile is the error of a file that has faults.
func wrongFile(err error) error {
	if _, faults := errors.AsType[policies.Faults](err); faults {
		return &exit{ExitUsage, err}
	}
	return err
}

// maxPolicies bounds how much of a file is read.
const maxPolicies = 2 << 20

func readFile(name string) ([]byte, error) {
	f, err := os.Open(filepath.Clean(name))
	if err != nil {
		return nil, usage("%w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPolicies))
	if err != nil {
		return nil, usage("%w", err)
	}
	return b, nil
}

func readPolicies(name string) (*policies.File, error) {
	b, err := readFile(name)
	if err != nil {
		return nil, err
	}
	file, err := policies.Read(name, b)
	return file, wrongFile(err)
}

// write writes the report in the forms that are asked for. A form on stdout takes the place of the table.
func (c *runCmd) write(e *env, r *policies.Report) error {
	table := true
	for _, form := range []struct {
		name  string
		write func(io.Writer) error
	}{{c.SARIF, r.SARIF}, {c.JUnit, r.JUnit}} {
		switch form.name {
		case "":
		case "-":
			table = false
			if err := form.write(e.stdout); err != nil {
				return err
			}
		default:
			if err := writeFile(form.name, form.write); err != nil {
				return err
			}
		}
	}
	if !table {
		return nil
	}
	if e.Output == output.JSON && len(e.Columns) == 0 {
		b, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(e.stdout, string(b))
		return err
	}
	if err := e.print(policyColumns, output.Of(policyRows(r))); err != nil {
		return err
	}
	if e.Output == output.Table {
		c.tell(e, r)
	}
	return nil
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.Create(filepath.Clean(name))
	if err != nil {
		return usage("%w", err)
	}
	return errors.Join(write(f), f.Close())
}

func policyRows(r *policies.Report) []policyRow {
	rows := make([]policyRow, len(r.Policies))
	for i, p := range r.Policies {
		row := policyRow{Result: p, Message: p.Message}
		var ids []string
		for _, plan := range p.Plans {
			ids = append(ids, plan.PlanID)
			row.Refused += plan.ByState["refused"]
			if plan.SavingUnknown == 0 {
				sum := plan.MonthlySaving
				if row.Saving != nil {
					sum += *row.Saving
				}
				row.Saving = &sum
			}
		}
		row.Plan = strings.Join(ids, " ")
		if p.Above != "" {
			row.Message = strings.TrimPrefix(row.Message+"; "+p.Above, "; ")
		}
		rows[i] = row
	}
	return rows
}

// tell says what the table has no room for.
func (c *runCmd) tell(e *env, r *policies.Report) {
	plans := 0
	for _, p := range r.Policies {
		for _, why := range p.Incomplete {
			e.note("%s: not seen: %s", p.Policy, why)
		}
		for _, plan := range p.Plans {
			plans++
			for _, refused := range plan.Refusals[:min(3, len(plan.Refusals))] {
				e.note("%s: %s refused %s: %s", p.Policy, plan.Phase, refused.ResourceID, refused.Message)
			}
			if more := len(plan.Refusals) - 3; more > 0 {
				e.note("%s: %d more are refused: tracker plan show %s", p.Policy, more, plan.PlanID)
			}
		}
	}
	if plans > 0 && !c.Apply {
		e.note("nothing was changed; to carry out exactly these plans: tracker run %s --apply --job %s", c.File, r.JobID)
	}
}
