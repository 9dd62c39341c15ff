package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/wafv2"
	"github.com/consolesensei/resource-tracker/internal/aws/wafv2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// cloudFrontRegion is where WAF is asked about what protects CloudFront, which is in
// one partition only (WAF developer guide, "regions for CloudFront").
const cloudFrontRegion = "us-east-1"

// wafWebACL lists what protects CloudFront in the region that their ARNs name and that
// answers for them: a scan without it does not see them.
var wafWebACL = Scanner{
	Type:        "WAFv2_WebACL",
	Service:     Service{ID: wafv2.ServiceID, Prefix: "wafv2", Protocol: JSON},
	ARNs:        []string{"wafv2:regional/webacl/", "wafv2:global/webacl/"},
	Permissions: []string{"tag:GetResources", "wafv2:ListWebACLs"},
	Tagged:      "wafv2",
	Metadata:    []string{"scope"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		scopes := []types.Scope{types.ScopeRegional}
		if t.Config.Region == cloudFrontRegion {
			scopes = append(scopes, types.ScopeCloudfront)
		}
		client := wafv2.NewFromConfig(t.Config)
		cursor := func(in *wafv2.ListWebACLsInput, out *wafv2.ListWebACLsOutput) (**string, *string) {
			return &in.NextMarker, out.NextMarker
		}
		for _, scope := range scopes {
			in := &wafv2.ListWebACLsInput{Scope: scope, Limit: aws.Int32(100)}
			err := listPages(ctx, emit, client.ListWebACLs, in, cursor, func(out *wafv2.ListWebACLsOutput) []tracker.Resource {
				return collect(out.WebACLs, func(a types.WebACLSummary) tracker.Resource { return webACL(scope, a) })
			})
			if err != nil {
				return err
			}
		}
		return nil
	},
}

func webACL(scope types.Scope, a types.WebACLSummary) tracker.Resource {
	return tracker.Resource{
		ID:    aws.ToString(a.Id),
		Name:  tracker.Named(aws.ToString(a.Name)),
		ARN:   aws.ToString(a.ARN),
		State: stateActive,
		Metadata: tracker.Metadata{
			"scope":       sdk.Text(scope),
			"description": sdk.Str(a.Description),
		},
	}
}
