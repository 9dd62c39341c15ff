package pricing_test

import (
	"strings"
	"testing"

	efs "github.com/aws/aws-sdk-go-v2/service/efs/types"
	eks "github.com/aws/aws-sdk-go-v2/service/eks/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	emr "github.com/aws/aws-sdk-go-v2/service/emr/types"
	fsx "github.com/aws/aws-sdk-go-v2/service/fsx/types"
	kinesis "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	kms "github.com/aws/aws-sdk-go-v2/service/kms/types"
	mq "github.com/aws/aws-sdk-go-v2/service/mq/types"

	ec2 "github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	kafka "github.com/consolesensei/resource-tracker/internal/aws/kafka/types"
	opensearch "github.com/consolesensei/resource-tracker/internal/aws/opensearch/types"
	sagemaker "github.com/consolesensei/resource-tracker/internal/aws/sagemaker/types"
	transfer "github.com/consolesensei/resource-tracker/internal/aws/transfer/types"
	workspaces "github.com/consolesensei/resource-tracker/internal/aws/workspaces/types"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

func all[T ~string](states []T) []string {
	out := make([]string, 0, len(states))
	for _, s := range states {
		out = append(out, string(s))
	}
	return out
}

func lowered[T ~string](states []T) []string {
	out := all(states)
	for i, s := range out {
		out[i] = strings.ToLower(s)
	}
	return out
}

// emitted is every state that AWS's model has for a type, as its scanner writes
// it. States of other types are texts that only AWS's guides list.
var emitted = map[tracker.Type][]string{
	"ClientVPN_Endpoint":         all(ec2.ClientVpnEndpointStatusCode("").Values()),
	"EBS_Snapshot":               all(ec2.SnapshotState("").Values()),
	"EBS_Volume":                 all(ec2.VolumeState("").Values()),
	"EC2_CapacityReservation":    all(ec2.CapacityReservationState("").Values()),
	"EC2_DedicatedHost":          all(ec2.AllocationState("").Values()),
	"EC2_Instance":               all(ec2.InstanceStateName("").Values()),
	"EFS_FileSystem":             lowered(efs.LifeCycleState("").Values()),
	"EKS_Cluster":                lowered(eks.ClusterStatus("").Values()),
	"EMR_Cluster":                lowered(emr.ClusterState("").Values()),
	"FSx_FileSystem":             lowered(fsx.FileSystemLifecycle("").Values()),
	"KMS_Key":                    lowered(kms.KeyState("").Values()),
	"Kinesis_Stream":             lowered(kinesis.StreamStatus("").Values()),
	"Load_Balancer":              all(elb.LoadBalancerStateEnum("").Values()),
	"MQ_Broker":                  lowered(mq.BrokerState("").Values()),
	"MSK_Cluster":                lowered(kafka.ClusterState("").Values()),
	"NAT_Gateway":                all(ec2.NatGatewayState("").Values()),
	"Network_Interface":          all(ec2.NetworkInterfaceStatus("").Values()),
	"OpenSearch_Domain":          lowered(opensearch.DomainProcessingStatusType("").Values()),
	"SageMaker_Endpoint":         lowered(sagemaker.EndpointStatus("").Values()),
	"Transfer_Server":            lowered(transfer.State("").Values()),
	"Transit_Gateway_Attachment": all(ec2.TransitGatewayAttachmentState("").Values()),
	"VPC_Endpoint":               lowered(ec2.State("").Values()),
	"VPN_Connection":             all(ec2.VpnState("").Values()),
	"WorkSpace":                  lowered(workspaces.WorkspaceState("").Values()),
}

// TestStates walks every type with a price through every state that its scanner
// can write: those of AWS's model, of the table, and of the recordings. None is
// priced in full unless the table says so.
func TestStates(t *testing.T) {
	book, recorded := pricing.Embedded(), recordings(t)
	priced := map[tracker.Type]tracker.Resource{}
	for _, c := range checks {
		if cost := book.Cost(c.resource); cost.Value != nil && *cost.Value > 0 {
			priced[c.resource.Type] = c.resource
		}
	}
	for _, s := range scanners.Catalog {
		r, ok := priced[s.Type]
		if ok != pricing.HasBilling(s.Type) {
			t.Errorf("%s: among the check values with a price %t, with a table of states %t", s.Type, ok, !ok)
		}
		if !ok {
			continue
		}
		for _, state := range emitted[s.Type] {
			if !pricing.KnowsState(s.Type, state) {
				t.Errorf("%s: the table lacks the state %q", s.Type, state)
			}
		}
		states := append(pricing.States(s.Type), emitted[s.Type]...)
		for _, one := range recorded[s.Type] {
			states = append(states, one.State)
		}
		whole := *book.Cost(r).Value
		for _, state := range append(states, "unknown", "tomorrow") {
			r.State = state
			c := book.Cost(r)
			honest(t, r, c)
			what := pricing.BilledAs(r)
			switch {
			case what == "full" && (c.Value == nil || *c.Value == 0),
				what == "storage" && c.Value != nil && *c.Value >= whole,
				what == "nothing" && (c.Value == nil || *c.Value != 0 || c.Basis != tracker.CostFree),
				what == "unsure" && c.Value != nil:
				t.Errorf("%s %s: %s, but %v (%s)", s.Type, state, what, c.Value, c.Reason)
			}
		}
	}
}
