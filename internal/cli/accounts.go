package cli

import (
	"fmt"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type accountsCmd struct {
	List   accountsListCmd   `cmd:"" default:"1" help:"List the registered accounts."`
	Add    accountsAddCmd    `cmd:"" help:"Register an account by its role."`
	Setup  accountsSetupCmd  `cmd:"" help:"Write the CloudFormation template of an account's role."`
	Check  accountsCheckCmd  `cmd:"" help:"Check what the role of an account is allowed."`
	Delete accountsDeleteCmd `cmd:"" help:"Forget an account and its history; its role stays."`

	ForgetHistory forgetHistoryCmd `cmd:"" help:"Delete what the history knows of an AWS account."`
}

type accountsListCmd struct{}

type accountsAddCmd struct {
	Name        string   `arg:"" help:"What requests name it by."`
	RoleARN     string   `help:"Role that the server's own identity assumes." name:"role-arn" required:"" placeholder:"ARN"`
	Description string   `help:"What it is." placeholder:"TEXT"`
	Regions     []string `help:"What is scanned where nobody says; none is every region that the account has enabled." placeholder:"REGION"`
}

type accountsSetupCmd struct {
	Name      string `arg:"" help:"The account."`
	Principal string `help:"ARN that the server runs as, where it does not know it." placeholder:"ARN"`
	uses
}

type accountsCheckCmd struct {
	Name   string `arg:"" help:"The account."`
	Policy bool   `help:"Print the IAM policy with what is missing, and nothing else."`
}

type accountsDeleteCmd struct {
	Name string `arg:"" help:"The account."`
}

var accountColumns = []output.Column{
	{Name: "name", Kind: output.ID},
	{Name: "account", Path: "account_id"},
	{Name: "role", Path: "role_arn"},
	{Name: "regions"},
	{Name: "description"},
	{Name: "changed", Path: "changed_at", Kind: output.Time, Wide: true},
}

func (c *accountsListCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	return e.print(accountColumns, output.Each(t.Accounts(e.ctx)))
}

func (c *accountsAddCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	a, err := t.AddAccount(e.ctx, client.AccountBody{Name: c.Name, RoleARN: c.RoleARN, Description: c.Description, Regions: c.Regions})
	if err != nil {
		return err
	}
	return e.one(a.Account, accountColumns, func() error {
		e.say("Account %s is registered, as %s of %s.", a.Account.Name, a.Account.RoleARN, a.Account.AccountID)
		e.note("its role has to trust the server with an external ID: tracker accounts setup %s > role.yaml writes the template of it", a.Account.Name)
		return nil
	})
}

func (c *accountsSetupCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	a, err := t.SetUpAccount(e.ctx, c.Name, &client.SetUpAccountParams{
		Principal: c.Principal, Types: c.Types, Actions: c.Actions, Details: c.Details, Metrics: flagged(c.Metrics), Billed: flagged(c.Billed),
	})
	if err != nil {
		return err
	}
	return e.one(a, nil, func() error {
		e.note("aws cloudformation deploy --template-file role.yaml --stack-name resource-tracker --capabilities CAPABILITY_NAMED_IAM makes it; then tracker accounts check %s", c.Name)
		_, err := fmt.Fprint(e.stdout, a.Template)
		return err
	})
}

func (c *accountsCheckCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	a, err := t.CheckAccount(e.ctx, c.Name, nil)
	if err != nil {
		return err
	}
	return e.checked(t, a.JobID, c.Policy)
}

func (c *accountsDeleteCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	if err := t.DeleteAccount(e.ctx, c.Name); err != nil {
		return err
	}
	e.note("account %s is forgotten; schedules that name it fail from now on", c.Name)
	return nil
}
