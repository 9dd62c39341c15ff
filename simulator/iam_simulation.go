package simulator

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// simulatePrincipalPolicy answers from the faults that deny calls. They are the
// policies of a simulated account.
func simulatePrincipalPolicy(r *request, in *iam.SimulatePrincipalPolicyInput) (*iam.SimulatePrincipalPolicyOutput, error) {
	region := ""
	for _, e := range in.ContextEntries {
		if aws.ToString(e.ContextKeyName) == "aws:RequestedRegion" && len(e.ContextKeyValues) > 0 {
			region = e.ContextKeyValues[0]
		}
	}
	out := &iam.SimulatePrincipalPolicyOutput{EvaluationResults: []types.EvaluationResult{}}
	for _, action := range in.ActionNames {
		c := r.Call
		c.Region = region
		c.Service, c.Operation, _ = strings.Cut(action, ":")
		if action == "s3:ListAllMyBuckets" {
			c.Operation = "ListBuckets"
		}
		if c.Service == r.Service {
			c.Region = tracker.Global // IAM is in no region
		}
		e := types.EvaluationResult{EvalActionName: &action, EvalResourceName: new("*"), EvalDecision: types.PolicyEvaluationDecisionTypeAllowed}
		switch r.world.faults.denial(c, r.now) {
		case Denied:
			e.EvalDecision = types.PolicyEvaluationDecisionTypeImplicitDeny
		case DeniedSCP:
			e.EvalDecision = types.PolicyEvaluationDecisionTypeExplicitDeny
			e.OrganizationsDecisionDetail = &types.OrganizationsDecisionDetail{AllowedByOrganizations: false}
		}
		out.EvaluationResults = append(out.EvaluationResults, e)
	}
	return out, nil
}

// denial returns the kind of the lasting fault that would deny a call, or nothing.
func (fs *faults) denial(c Call, now time.Time) Kind {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	i := slices.IndexFunc(fs.list, func(f *Fault) bool {
		return (f.Kind == Denied || f.Kind == DeniedSCP) && f.Probability == 0 && f.Count == 0 && f.matches(c) && (f.Until.IsZero() || now.Before(f.Until))
	})
	if i < 0 {
		return ""
	}
	return fs.list[i].Kind
}
