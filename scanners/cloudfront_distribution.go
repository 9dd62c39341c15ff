package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudfront"
	"github.com/consolesensei/resource-tracker/internal/aws/cloudfront/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var cloudFrontDistribution = Scanner{
	Type:        "CloudFront_Distribution",
	Service:     Service{ID: cloudfront.ServiceID, Prefix: "cloudfront", Protocol: XML},
	Global:      true,
	ARNs:        []string{"cloudfront:distribution/"},
	Permissions: []string{"cloudfront:ListDistributions", "tag:GetResources"},
	Tagged:      "cloudfront",
	TaggedIn:    tracker.Partition.Names,
	Metadata:    []string{"enabled", "domain_name", "origins", "certificate_arn"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &cloudfront.ListDistributionsInput{MaxItems: aws.Int32(100)}
		cursor := func(in *cloudfront.ListDistributionsInput, out *cloudfront.ListDistributionsOutput) (**string, *string) {
			return &in.Marker, cmp.Or(out.DistributionList, &types.DistributionList{}).NextMarker
		}
		return listPages(ctx, emit, cloudfront.NewFromConfig(t.Config).ListDistributions, in, cursor, func(page *cloudfront.ListDistributionsOutput) []tracker.Resource {
			return collect(cmp.Or(page.DistributionList, &types.DistributionList{}).Items, distribution)
		})
	},
}

// distribution leaves the creation date unknown: CloudFront does not say it.
func distribution(d types.DistributionSummary) tracker.Resource {
	id := aws.ToString(d.Id)
	aliases := cmp.Or(d.Aliases, &types.Aliases{}).Items
	certificate := cmp.Or(d.ViewerCertificate, &types.ViewerCertificate{})
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(append(aliases, aws.ToString(d.DomainName), id)...),
		ARN:   aws.ToString(d.ARN),
		State: lower(aws.ToString(d.Status)),
		Metadata: tracker.Metadata{
			"enabled":     sdk.Opt(d.Enabled),
			"domain_name": sdk.Str(d.DomainName),
			"aliases":     sdk.Names(aliases),
			"origins": sdk.List(cmp.Or(d.Origins, &types.Origins{}).Items, func(o types.Origin) *string {
				return o.DomainName
			}),

			"price_class":     sdk.Text(d.PriceClass),
			"http_version":    sdk.Text(d.HttpVersion),
			"staging":         sdk.Opt(d.Staging),
			"web_acl_id":      sdk.Str(d.WebACLId),
			"certificate_arn": sdk.Str(certificate.ACMCertificateArn),
			"comment":         sdk.Str(d.Comment),
			"last_modified":   sdk.Stamp(d.LastModifiedTime),
		},
	}
}
