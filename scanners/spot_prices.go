package scanners

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// spotPrices are what spot instances cost in the zones of a region now. AWS is asked
// only where there are any, once for each type: the scan's own list of the region.
type spotPrices struct {
	client  *ec2.Client
	asked   map[string]bool          // by type
	hourly  map[spotProduct]spotRate // the newest
	read    time.Time
	refused string // why AWS does not tell
}

// spotProduct is what AWS has a spot price of.
type spotProduct struct{ kind, system, zone string }

type spotRate struct {
	dollars string
	since   time.Time
}

func newSpotPrices(client *ec2.Client) *spotPrices {
	return &spotPrices{client: client, asked: map[string]bool{}, hourly: map[spotProduct]spotRate{}}
}

// price notes in running spot instances what they cost by the hour, and when that
// was read. A refusal costs a scan nothing but these prices: the instances say so.
func (p *spotPrices) price(ctx context.Context, rs []tracker.Resource) error {
	var unknown []types.InstanceType
	for _, r := range rs {
		if kind := r.Metadata.Text("instance_type"); runsOnSpot(r) && !p.asked[kind] {
			p.asked[kind] = true
			unknown = append(unknown, types.InstanceType(kind))
		}
	}
	if len(unknown) > 0 && p.refused == "" {
		if err := p.ask(ctx, unknown); err != nil {
			return err
		}
	}
	for _, r := range rs {
		if !runsOnSpot(r) {
			continue
		}
		rate := p.hourly[spotProduct{r.Metadata.Text("instance_type"), r.Metadata.Text("platform"), r.Metadata.Text("availability_zone")}]
		r.Metadata["spot_price"], r.Metadata["spot_price_refused"] = sdk.Text(rate.dollars), sdk.Text(p.refused)
		r.Metadata["spot_price_read"] = nil
		if rate.dollars != "" {
			r.Metadata["spot_price_read"] = p.read.UTC().Format(time.RFC3339)
		}
	}
	return nil
}

func runsOnSpot(r tracker.Resource) bool {
	return r.State == string(types.InstanceStateNameRunning) && r.Metadata.Text("lifecycle") == string(types.InstanceLifecycleTypeSpot)
}

// ask reads the prices of types. A list from now on has each price as it is.
func (p *spotPrices) ask(ctx context.Context, kinds []types.InstanceType) error {
	now := time.Now()
	in := &ec2.DescribeSpotPriceHistoryInput{InstanceTypes: kinds, StartTime: &now, EndTime: &now, MaxResults: aws.Int32(ec2PageSize)}
	cursor := func(in *ec2.DescribeSpotPriceHistoryInput, out *ec2.DescribeSpotPriceHistoryOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	for page, err := range sdk.Pages(ctx, p.client.DescribeSpotPriceHistory, in, cursor) {
		if api, ok := errors.AsType[smithy.APIError](err); ok && api.ErrorCode() == "UnauthorizedOperation" {
			p.refused = "ec2:DescribeSpotPriceHistory: " + api.ErrorCode()
			return nil
		}
		if err != nil {
			return err
		}
		at, _ := awsmiddleware.GetServerTime(page.ResultMetadata)
		p.read = cmp.Or(at, now)
		for _, s := range page.SpotPriceHistory {
			// AWS names the systems of a VPC as of old and as "Linux/UNIX (Amazon VPC)".
			system := strings.TrimSuffix(string(s.ProductDescription), " (Amazon VPC)")
			product := spotProduct{string(s.InstanceType), system, aws.ToString(s.AvailabilityZone)}
			if since := aws.ToTime(s.Timestamp); !since.Before(p.hourly[product].since) {
				p.hourly[product] = spotRate{aws.ToString(s.SpotPrice), since}
			}
		}
	}
	return nil
}
