package scanners

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/route53"
	"github.com/consolesensei/resource-tracker/internal/aws/route53/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// route53Zone takes tags from the tagging API: Route 53's own call answers for
// ten zones, and an account has five calls a second.
var route53Zone = Scanner{
	Type:        "Route53_Zone",
	Service:     Service{ID: route53.ServiceID, Prefix: "route53", Protocol: XML},
	Global:      true,
	ARNs:        []string{"route53:hostedzone/"},
	Permissions: []string{"route53:ListHostedZones", "tag:GetResources"},
	Tagged:      "route53:hostedzone",
	TaggedIn:    tracker.Partition.Names,
	Metadata:    []string{"record_count", "private"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &route53.ListHostedZonesInput{MaxItems: aws.Int32(100)}
		cursor := func(in *route53.ListHostedZonesInput, out *route53.ListHostedZonesOutput) (**string, *string) {
			return &in.Marker, out.NextMarker
		}
		return listPages(ctx, emit, route53.NewFromConfig(t.Config).ListHostedZones, in, cursor, func(page *route53.ListHostedZonesOutput) []tracker.Resource {
			return collect(page.HostedZones, func(z types.HostedZone) tracker.Resource { return zone(t, z) })
		})
	},
}

func zone(t Target, z types.HostedZone) tracker.Resource {
	id := strings.TrimPrefix(aws.ToString(z.Id), "/hostedzone/")
	config := cmp.Or(z.Config, &types.HostedZoneConfig{})
	linked := cmp.Or(z.LinkedService, &types.LinkedService{})
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(strings.TrimSuffix(aws.ToString(z.Name), "."), id),
		ARN:   t.partition().ARN("route53", "", "", "hostedzone/"+id),
		State: stateActive,
		Metadata: tracker.Metadata{
			// Two of a public zone's records, SOA and NS, are its own.
			"record_count": sdk.Num(z.ResourceRecordSetCount),
			"private":      config.PrivateZone,
			"comment":      sdk.Str(config.Comment),
			// The AWS service that made the zone and alone may delete it.
			"linked_service": sdk.Str(linked.ServicePrincipal),
		},
	}
}
