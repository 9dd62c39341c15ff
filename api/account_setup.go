package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// SetupWanted is what the role of an account is to be for.
type SetupWanted struct {
	Account tracker.RegisteredAccount
	// Principal is who assumes the role: the server's own identity.
	Principal string
	// Types are scanned, all of the catalogue where there are none; Actions are verbs, or
	// verbs of one type such as EC2_Instance:stop.
	Types, Actions, Details []string
	Metrics, Billed         bool
}

// Setup is the role of an account, to be made there.
type Setup struct {
	Template string            // CloudFormation, YAML
	Trust    json.RawMessage   // the role's trust policy
	Policies []json.RawMessage // its policies: more than one where IAM's limit of size asks for it
}

type setupInput struct {
	Name      string `path:"name" maxLength:"63" doc:"The account's name"`
	Principal string `query:"principal" maxLength:"2048" pattern:"^(arn:aws[a-z-]*:iam::\\d{12}:(root|(role|user)/[\\w+=,.@/-]{1,512}))?$" doc:"ARN that the server runs as; absent is SERVER_PRINCIPAL_ARN, where that is set"`
	PolicyUses
}

// PolicyUses are what a policy is for.
type PolicyUses struct {
	Types   []string `query:"types" maxItems:"500" maxLength:"128" doc:"Types to scan, separated by commas; none is all"`
	Actions []string `query:"actions" maxItems:"200" maxLength:"200" doc:"Actions to carry out, such as stop or EC2_Instance:stop"`
	Details []string `query:"details" maxItems:"50" maxLength:"64" doc:"Details that scans ask for"`
	Metrics bool     `query:"metrics" doc:"Whether scans ask for metrics"`
	Billed  bool     `query:"billed" doc:"Whether scans ask for billed costs"`
}

func (in PolicyUses) wanted() SetupWanted {
	return SetupWanted{Types: in.Types, Actions: in.Actions, Details: in.Details, Metrics: in.Metrics, Billed: in.Billed}
}

type setupAnswer struct {
	Success    bool             `json:"success" doc:"Always true"`
	AccountID  string           `json:"account_id" doc:"The AWS account that the role is in"`
	RoleARN    string           `json:"role_arn"`
	Principal  string           `json:"principal" doc:"Who may assume the role"`
	ExternalID string           `json:"external_id"`
	Trust      policyDocument   `json:"trust_policy"`
	Policies   []policyDocument `json:"policies" doc:"All that the role needs, and no more; more than one where IAM's limit of size asks for it"`
	Template   string           `json:"template" doc:"A CloudFormation template of the role, in YAML"`
}

func (s *Server) registerSetup(op huma.Operation) {
	register(s, op, func(ctx context.Context, in *setupInput) (*struct{ Body setupAnswer }, error) {
		a, err := s.Accounts.Account(ctx, owner(ctx), in.Name)
		if err != nil {
			return nil, err
		}
		wanted := in.wanted()
		wanted.Account, wanted.Principal = a, cmp.Or(in.Principal, s.Principal)
		if wanted.Principal == "" {
			return nil, invalid(FieldError{"query.principal", "is required: the server does not know what it runs as, because SERVER_PRINCIPAL_ARN is not set"})
		}
		made, err := s.setup(wanted)
		if err != nil {
			return nil, err
		}
		out := setupAnswer{
			Success: true, AccountID: a.AccountID, RoleARN: a.RoleARN, Principal: wanted.Principal, ExternalID: a.ExternalID,
			Trust: policyDocument{made.Trust}, Template: made.Template, Policies: documents(made.Policies),
		}
		return &struct{ Body setupAnswer }{out}, nil
	})
}

func (s *Server) setup(wanted SetupWanted) (Setup, error) {
	if s.Setup == nil {
		return Setup{}, tracker.Errorf(tracker.CodeNotFound, "this server writes no roles")
	}
	made, err := s.Setup(wanted)
	if err != nil {
		return Setup{}, fmt.Errorf("write the role of an account: %w", err)
	}
	return made, nil
}

func documents(policies []json.RawMessage) []policyDocument {
	out := []policyDocument{}
	for p := range slices.Values(policies) {
		out = append(out, policyDocument{p})
	}
	return out
}

type policiesAnswer struct {
	Success  bool             `json:"success" doc:"Always true"`
	Policies []policyDocument `json:"policies" doc:"All that these uses need, and no more; more than one where IAM's limit of size asks for it"`
}

func (s *Server) registerPolicy() {
	register(s, huma.Operation{
		OperationID: "read-policy", Method: http.MethodGet, Path: policyPath, Tags: []string{"service"}, Errors: []int{http.StatusNotFound},
		Summary: "Write the IAM policy for some uses",
		Description: `The exact policy for a scan of some types, for actions, and for scans that ask for details, metrics or billed costs. It is for whichever user or role
the credentials of requests are of; the role of a registered account has it in its setup.`,
	}, func(_ context.Context, in *PolicyUses) (*struct{ Body policiesAnswer }, error) {
		made, err := s.setup(in.wanted())
		if err != nil {
			return nil, err
		}
		return &struct{ Body policiesAnswer }{policiesAnswer{Success: true, Policies: documents(made.Policies)}}, nil
	})
}
