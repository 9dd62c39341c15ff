package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

var cloudFrontDistribution = Scanner{
	Type:        "CloudFront_Distribution",
	Service:     "cloudfront",
	Global:      true,
	ARNs:        []string{"cloudfront:distribution/"},
	Permissions: []string{"cloudfront:ListDistributions", "tag:GetResources"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &cloudfront.ListDistributionsInput{MaxItems: aws.Int32(100)}
		cursor := func(in *cloudfront.ListDistributionsInput, out *cloudfront.ListDistributionsOutput) (**string, *string) {
			return &in.Marker, cmp.Or(out.DistributionList, &types.DistributionList{}).NextMarker
		}
		return withTags(ctx, t.home(), emit, func(emit Emit) error {
			return listPages(ctx, emit, cloudfront.NewFromConfig(t.Config).ListDistributions, in, cursor, func(page *cloudfront.ListDistributionsOutput) []tracker.Resource {
				return collect(cmp.Or(page.DistributionList, &types.DistributionList{}).Items, distribution)
			})
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
			"enabled":     opt(d.Enabled),
			"domain_name": str(d.DomainName),
			"aliases":     names(aliases),
			"origins": list(cmp.Or(d.Origins, &types.Origins{}).Items, func(o types.Origin) *string {
				return o.DomainName
			}),
			"price_class":     text(d.PriceClass),
			"http_version":    text(d.HttpVersion),
			"staging":         opt(d.Staging),
			"web_acl_id":      str(d.WebACLId),
			"certificate_arn": str(certificate.ACMCertificateArn),
			"comment":         str(d.Comment),
			"last_modified":   stamp(d.LastModifiedTime),
		},
	}
}
