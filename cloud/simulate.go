package cloud

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/iam/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// simulationBatch is how many actions one question holds. IAM answers as many in
// one page unless it is asked for more (IAM API reference,
// SimulatePrincipalPolicy).
const simulationBatch = 100

// requestedRegion is the condition key by which policies bind calls to regions.
const requestedRegion = "aws:RequestedRegion"

// SimulateIn asks IAM which of some actions the session's principal would be denied in
// a region, on resources, and on any resource where none is given. Calls of services
// that are in no region go to the one that IAM counts them to. It calls
// iam:SimulatePrincipalPolicy as the principal itself, which has to be allowed to.
//
// IAM knows the policies of users, groups, roles and the organisation. It does not
// know the policies of resources and of sessions, nor what a policy asks of the
// call that is no region, such as the address that it comes from: a denial that
// hangs on such a condition is left out, because it tells nothing.
//
// The error is explained as denied when the principal may not ask, and as
// unsupported when it is none that IAM simulates, such as the root user.
func (s *Session) SimulateIn(ctx context.Context, region string, actions []string, resourceARNs ...string) (denied []string, err error) {
	results, err := s.evaluate(ctx, region, actions, resourceARNs)
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		if deniedFor(r) {
			denied = append(denied, aws.ToString(r.EvalActionName))
		}
	}
	slices.Sort(denied)
	return slices.Compact(denied), nil
}

// SimulateEach is SimulateIn for each of some resources of one region by itself.
func (s *Session) SimulateEach(ctx context.Context, region string, actions, resourceARNs []string) (denied map[string][]string, err error) {
	results, err := s.evaluate(ctx, region, actions, resourceARNs)
	if err != nil {
		return nil, err
	}
	denied = map[string][]string{}
	for _, r := range results {
		for _, id := range resourceARNs {
			if deniedOn(r, id) {
				denied[id] = append(denied[id], aws.ToString(r.EvalActionName))
			}
		}
	}
	return denied, nil
}

// evaluate asks IAM as whoever the session acts as.
func (s *Session) evaluate(ctx context.Context, region string, actions, resourceARNs []string) ([]types.EvaluationResult, error) {
	principal, sure, err := s.principal(ctx)
	if err != nil {
		return nil, err
	}
	results, err := s.simulate(ctx, principal, region, actions, resourceARNs)
	if _, unknown := errors.AsType[*types.NoSuchEntityException](err); !unknown || sure {
		return results, err
	}
	// The role has a path, which the ARN of its sessions lacks.
	_, name, _ := strings.Cut(principal, ":role/")
	role, err := iam.NewFromConfig(s.Config("")).GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	if err != nil {
		return nil, fmt.Errorf("look up the role of the session: %w", err)
	}
	return s.simulate(ctx, aws.ToString(role.Role.Arn), region, actions, resourceARNs)
}

func (s *Session) simulate(ctx context.Context, principal, region string, actions, resourceARNs []string) (results []types.EvaluationResult, err error) {
	if region == "" || region == tracker.Global {
		region = s.config.Region
	}
	client := iam.NewFromConfig(s.Config(""))
	for batch := range slices.Chunk(actions, simulationBatch) {
		in := &iam.SimulatePrincipalPolicyInput{
			PolicySourceArn: &principal, ActionNames: batch, ResourceArns: resourceARNs,
			ContextEntries: []types.ContextEntry{{
				ContextKeyName: aws.String(requestedRegion), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{region},
			}},
		}
		for {
			out, err := client.SimulatePrincipalPolicy(ctx, in)
			if err != nil {
				return nil, fmt.Errorf("simulate the policies of %s: %w", principal, err)
			}
			results = append(results, out.EvaluationResults...)
			if !out.IsTruncated || aws.ToString(out.Marker) == "" {
				break
			}
			in.Marker = out.Marker
		}
	}
	return results, nil
}

// deniedOn reports whether IAM is sure that an action is denied on a resource.
func deniedOn(r types.EvaluationResult, id string) bool {
	if len(r.ResourceSpecificResults) == 0 {
		return refused(r.EvalDecision, r.MissingContextValues)
	}
	return slices.ContainsFunc(r.ResourceSpecificResults, func(on types.ResourceSpecificResult) bool {
		return aws.ToString(on.EvalResourceName) == id && refused(on.EvalResourceDecision, on.MissingContextValues)
	})
}

// deniedFor reports whether IAM is sure that an action is denied on at least one
// resource.
func deniedFor(r types.EvaluationResult) bool {
	if len(r.ResourceSpecificResults) == 0 {
		return refused(r.EvalDecision, r.MissingContextValues)
	}
	return slices.ContainsFunc(r.ResourceSpecificResults, func(r types.ResourceSpecificResult) bool {
		return refused(r.EvalResourceDecision, r.MissingContextValues)
	})
}

// refused reports whether a decision is a denial whatever the unknown facts of
// the call are.
func refused(d types.PolicyEvaluationDecisionType, missing []string) bool {
	return d != types.PolicyEvaluationDecisionTypeAllowed && len(missing) == 0
}

// principal returns the ARN of the user or role that the session acts as. It is
// not sure of the path of a role that others have assumed.
func (s *Session) principal(ctx context.Context) (id string, sure bool, err error) {
	if s.role != "" {
		return s.role, true, nil
	}
	caller, err := s.Caller(ctx)
	if err != nil {
		return "", false, err
	}
	parts, err := arn.Parse(caller)
	if err != nil {
		return "", false, fmt.Errorf("read the caller's ARN %q: %w", caller, err)
	}
	kind, rest, _ := strings.Cut(parts.Resource, "/")
	switch {
	case parts.Service == "iam" && kind == "user":
		return caller, true, nil
	case parts.Service == "sts" && kind == "assumed-role":
		name, _, _ := strings.Cut(rest, "/")
		parts.Service, parts.Resource = "iam", "role/"+name
		return parts.String(), false, nil
	}
	return "", false, &tracker.Failure{
		Outcome: tracker.OutcomeUnsupported, Message: "IAM simulates the policies of users and roles only, and the caller is " + caller,
	}
}

type letThroughKey struct{}

// Listen returns a context in which f is told of each IAM action that AWS lets
// through. f must be safe for concurrent use.
func Listen(ctx context.Context, f func(action string)) context.Context {
	return context.WithValue(ctx, letThroughKey{}, f)
}

// letThrough tells every listener that AWS has answered a call well.
func letThrough(ctx context.Context, call Call) {
	if f, ok := ctx.Value(letThroughKey{}).(func(string)); ok {
		f(call.Action)
	}
}
