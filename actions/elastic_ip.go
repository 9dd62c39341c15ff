package actions

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var elasticIP = kind{
	Type:        "Elastic_IP",
	permissions: []string{"ec2:DescribeAddresses"},
	watch:       []string{"association_id", "public_ip"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		by := allocations
		if outsideVPC(id) {
			by = publicIPs
		}
		a, there, err := by.get(ctx, t, id)
		if err != nil || !there {
			return gone(), err
		}
		state := "unassociated"
		if cmp.Or(aws.ToString(a.AssociationId), aws.ToString(a.InstanceId), aws.ToString(a.NetworkInterfaceId)) != "" {
			state = "associated"
		}
		return tracker.Resource{
			Name:  tracker.Named(aws.ToString(a.PublicIp), aws.ToString(a.CarrierIp), aws.ToString(a.CustomerOwnedIp)),
			ARN:   t.arn("ec2", "elastic-ip/"+id),
			State: state,
			Tags:  ec2Tags(a.Tags),
			Metadata: tracker.Metadata{
				"public_ip":           sdk.Str(a.PublicIp),
				"associated_instance": sdk.Str(a.InstanceId),
				"associated_eni":      sdk.Str(a.NetworkInterfaceId),
				"association_id":      sdk.Str(a.AssociationId),
				"public_ipv4_pool":    sdk.Str(a.PublicIpv4Pool),
				"service_managed":     sdk.Text(a.ServiceManaged),
			},
		}, nil
	},
}

var (
	allocations = byID(ec2IDs, "allocation-id", func(a types.Address) *string { return a.AllocationId },
		"InvalidAllocationID.NotFound", "InvalidAllocationID.Malformed", func(ctx context.Context, t Target, by choice) ([]types.Address, error) {
			return listAddresses(ctx, t, &ec2.DescribeAddressesInput{AllocationIds: by.ids, Filters: by.filters})
		})
	publicIPs = byID(ec2IDs, "public-ip", func(a types.Address) *string { return a.PublicIp },
		"InvalidAddress.NotFound", "InvalidAddress.Malformed", func(ctx context.Context, t Target, by choice) ([]types.Address, error) {
			return listAddresses(ctx, t, &ec2.DescribeAddressesInput{PublicIps: by.ids, Filters: by.filters})
		})
)

func listAddresses(ctx context.Context, t Target, in *ec2.DescribeAddressesInput) ([]types.Address, error) {
	out, err := ec2.NewFromConfig(t.Config).DescribeAddresses(ctx, in)
	if err != nil {
		return nil, err
	}
	return out.Addresses, nil
}

// outsideVPC says that an address goes by itself: it has no allocation.
func outsideVPC(id string) bool { return !strings.HasPrefix(id, "eipalloc-") }

var elasticIPDelete = Action{
	kind:     elasticIP,
	Verb:     "delete",
	Aliases:  []string{"release"},
	Summary:  "Releases the address, which somebody else may be given.",
	Destroys: true,
	After:    vanishes,
	Deadline: 10 * time.Minute,
	From:     []string{"unassociated", "associated"},
	To:       []string{tracker.Gone},
	guards: []guard{addressAssociated, protectedInstance("associated_instance"), {
		rule: "service_managed", how: "delete what the service made it for",
		refuse: when(func(l look) string {
			if service := l.Metadata.Text("service_managed"); service != "" {
				return "only " + service + ", which made it, may release it"
			}
			return ""
		}),
	}},
	steps: []step{{
		Step: tracker.Step{Name: "release"}, action: "ec2:ReleaseAddress",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &ec2.ReleaseAddressInput{AllocationId: c.id(), DryRun: c.dry}
			if outsideVPC(c.Item.ResourceID) {
				in.AllocationId, in.PublicIp = nil, c.id()
			}
			return none(ec2.NewFromConfig(c.Config).ReleaseAddress(ctx, in))
		},
	}},
	dryRun: true,
}

// addressAssociated names what the address belongs to: an instance, or the NAT
// gateway whose network interface it is on.
var addressAssociated = guard{
	rule: "address_associated", how: "disassociate it or delete what it is associated with",
	permissions: []string{"ec2:DescribeNatGateways"},
	facts:       []string{"state", "association_id"},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		if l.State != "associated" {
			return "", nil, nil
		}
		if id := l.Metadata.Text("associated_instance"); id != "" {
			return "it is associated with instance " + id, refs("EC2_Instance", []string{id}), nil
		}
		uses, _, err := natsByAllocation.get(ctx, l.Target, l.ID)
		if err != nil {
			return "", nil, err
		}
		var nats []string
		for _, u := range uses {
			switch {
			case !u.gone:
				nats = append(nats, u.gateway)
			case u.eni != "" && u.eni == l.Metadata.Text("associated_eni"):
				// AWS takes the interface of a deleted gateway away a while after the gateway.
				err = passing("NAT gateway " + u.gateway + " is deleted, and AWS has not yet disassociated the address from it")
			}
		}
		if len(nats) > 0 {
			nats = sdk.Distinct(nats)
			return "it is associated with NAT gateway " + strings.Join(nats, ", "), refs("NAT_Gateway", nats), nil
		}
		if err != nil {
			return "", nil, err
		}
		return "it is associated with network interface " + cmp.Or(l.Metadata.Text("associated_eni"), "of another account"), nil, nil
	},
}

// natUse is an address of a NAT gateway, or of one that is gone, and where it is.
type natUse struct {
	gateway, eni string
	gone         bool
}

// natsByAllocation finds the NAT gateways that use an address; no filter of AWS's does.
var natsByAllocation = &bulk[[]natUse]{
	most: ec2IDs, // they are found in one list, however many are asked for
	ask: func(ctx context.Context, t Target, _ []string) (map[string][]natUse, error) {
		all, err := listNATGateways(ctx, t, where("state", "pending", "available", "deleting", "deleted"))
		using := map[string][]natUse{}
		for _, n := range all {
			for _, a := range n.NatGatewayAddresses {
				id := aws.ToString(a.AllocationId)
				using[id] = append(using[id], natUse{
					aws.ToString(n.NatGatewayId), aws.ToString(a.NetworkInterfaceId), n.State == types.NatGatewayStateDeleted,
				})
			}
		}
		return using, err
	},
}
