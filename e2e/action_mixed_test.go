package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// estateRegion is where the simulated accounts of these tests have everything.
const estateRegion = "us-east-1"

// actingEstate are the options of an account with enough of everything that plans
// change, in one region.
func actingEstate() simulator.Options {
	return simulator.Options{
		Regions: []string{estateRegion}, Resources: 2000, Transition: 100 * time.Millisecond, Members: -1,
		Mix: map[tracker.Type]float64{
			"EC2_Instance": 30, "EBS_Volume": 60, "Elastic_IP": 12, "NAT_Gateway": 4, "CloudWatch_LogGroup": 30, "RDS_Instance": 10,
			"EBS_Snapshot": 6, "S3_Bucket": 6,
		},
	}
}

// quickly has a worker wait for next to nothing.
func quickly(s *setup) {
	s.jobs.Confirm, s.jobs.Lost = 100*time.Millisecond, 2*time.Second
	s.jobs.Rules = plans.Rules{MaxItems: 1000}
}

// mixture picks resources of a simulated account for a plan, each once.
type mixture struct {
	t       testing.TB
	account *simulator.Account
	ec2     *ec2.Client
	used    map[string]bool
	items   []map[string]any
}

func newMixture(t testing.TB, account *simulator.Account) *mixture {
	t.Helper()
	return &mixture{t: t, account: account, ec2: ec2.NewFromConfig(account.Config(estateRegion)), used: map[string]bool{}}
}

func (m *mixture) add(id string, typ tracker.Type, verb string, params map[string]any) {
	m.t.Helper()
	if m.used[id] {
		m.t.Fatalf("%s is in the plan twice", id)
	}
	m.used[id] = true
	it := item(id, typ, estateRegion, verb)
	if params != nil {
		it["params"] = params
	}
	m.items = append(m.items, it)
}

// pick adds n resources that are in a state and suitable.
func (m *mixture) pick(n int, typ tracker.Type, verb, state string, params map[string]any, suitable func(tracker.Resource) bool) []string {
	m.t.Helper()
	var ids []string
	for r := range m.account.Each(typ, estateRegion) {
		if len(ids) == n {
			break
		}
		if r.State == state && !m.used[r.ID] && free(r.Tags) && (suitable == nil || suitable(r)) {
			ids = append(ids, r.ID)
			m.add(r.ID, typ, verb, params)
		}
	}
	if len(ids) < n {
		m.t.Fatalf("%d of type %s are %s, want %d", len(ids), typ, state, n)
	}
	return ids
}

// free says that no tag stands in the way of a plan.
func free(tags map[string]string) bool {
	for k := range tags {
		if k == "protected" || strings.HasPrefix(k, "aws:") {
			return false
		}
	}
	return true
}

// instances describes all instances that are no spot ones.
func (m *mixture) instances() map[string]types.Instance {
	m.t.Helper()
	all := map[string]types.Instance{}
	in := &ec2.DescribeInstancesInput{MaxResults: aws.Int32(1000)}
	for {
		out, err := m.ec2.DescribeInstances(m.t.Context(), in)
		if err != nil {
			m.t.Fatal(err)
		}
		for _, r := range out.Reservations {
			if i := r.Instances[0]; i.InstanceLifecycle == "" {
				all[*i.InstanceId] = i
			}
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return all
		}
	}
}

func (m *mixture) volumes() map[string]types.Volume {
	m.t.Helper()
	all := map[string]types.Volume{}
	in := &ec2.DescribeVolumesInput{MaxResults: aws.Int32(1000)}
	for {
		out, err := m.ec2.DescribeVolumes(m.t.Context(), in)
		if err != nil {
			m.t.Fatal(err)
		}
		for _, v := range out.Volumes {
			all[*v.VolumeId] = v
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return all
		}
	}
}

// gateways are the NAT gateways and their addresses.
func (m *mixture) gateways() map[string]string {
	m.t.Helper()
	out, err := m.ec2.DescribeNatGateways(m.t.Context(), &ec2.DescribeNatGatewaysInput{})
	if err != nil {
		m.t.Fatal(err)
	}
	all := map[string]string{}
	for _, g := range out.NatGateways {
		all[*g.NatGatewayId] = aws.ToString(g.NatGatewayAddresses[0].AllocationId)
	}
	return all
}

// mixed fills the mixture with so many items of every verb that the simulator
// serves, in units of ten; what needs others comes before them.
func (m *mixture) mixed(units int) {
	m.t.Helper()
	onDemand, volumes, gateways := m.instances(), m.volumes(), m.gateways()
	ordinary := func(r tracker.Resource) bool { _, ok := onDemand[r.ID]; return ok }
	// Volumes and addresses come before what holds them.
	var terminated []string
	for r := range m.account.Each("EC2_Instance", estateRegion) {
		if len(terminated) == units {
			break
		}
		if !ordinary(r) || !free(r.Tags) {
			continue
		}
		for _, device := range onDemand[r.ID].BlockDeviceMappings {
			if v := volumes[*device.Ebs.VolumeId]; !*device.Ebs.DeleteOnTermination && free(ec2Known(v.Tags)) {
				m.add(*device.Ebs.VolumeId, "EBS_Volume", "delete", nil)
				terminated = append(terminated, r.ID)
				break
			}
		}
	}
	for _, id := range terminated {
		m.add(id, "EC2_Instance", "terminate", nil)
	}
	left := units
	for id, address := range gateways {
		if left--; left < 0 {
			break
		}
		m.add(address, "Elastic_IP", "delete", nil)
		m.add(id, "NAT_Gateway", "delete", nil)
	}
	if len(terminated) < units || left > 0 {
		m.t.Fatalf("%d instances to terminate, %d gateways too few", len(terminated), left)
	}
	m.pick(units, "EC2_Instance", "stop", "running", nil, ordinary)
	m.pick(units, "EC2_Instance", "tag", "running", map[string]any{"tags": map[string]any{"stage": "test"}}, ordinary)
	m.pick(units, "EBS_Volume", "delete", "available", nil, nil)
	m.pick(units, "EBS_Volume", "to_gp3", "in-use", nil, func(r tracker.Resource) bool {
		v := volumes[r.ID]
		return v.VolumeType == types.VolumeTypeGp2 && !slices.Contains(terminated, *v.Attachments[0].InstanceId)
	})
	m.pick(units, "CloudWatch_LogGroup", "set_retention", "active", map[string]any{"retention_days": 3}, nil)
	m.pick(units, "CloudWatch_LogGroup", "delete", "active", nil, nil)
}

// retentions are the days that log groups keep their events; 0 is for ever.
func (m *mixture) retentions() map[string]int32 {
	m.t.Helper()
	all := map[string]int32{}
	client := cloudwatchlogs.NewFromConfig(m.account.Config(estateRegion))
	in := &cloudwatchlogs.DescribeLogGroupsInput{}
	for {
		out, err := client.DescribeLogGroups(m.t.Context(), in)
		if err != nil {
			m.t.Fatal(err)
		}
		for _, g := range out.LogGroups {
			all[*g.LogGroupName] = aws.ToInt32(g.RetentionInDays)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return all
		}
	}
}

// looks is how every resource looks, as far as the verbs change it.
func (m *mixture) looks() map[string]string {
	m.t.Helper()
	all := map[string]string{}
	for _, t := range []tracker.Type{"EC2_Instance", "EBS_Volume", "Elastic_IP", "NAT_Gateway"} {
		for r := range m.account.Each(t, estateRegion) {
			all[r.ID] = fmt.Sprint(r.State, r.Tags)
		}
	}
	for id, v := range m.volumes() {
		all[id] += " " + string(v.VolumeType)
	}
	for id, days := range m.retentions() {
		all[id] = fmt.Sprint(days)
	}
	return all
}

// mutating are the calls that the items of a mixture make.
var mutating = []string{
	"StopInstances", "TerminateInstances", "CreateSnapshot", "DeleteVolume", "ReleaseAddress", "DeleteNatGateway", "ModifyVolume",
	"CreateTags", "PutRetentionPolicy", "DeleteLogGroup",
}

// TestPlanOf500 carries out 500 mixed items of which a tenth fails: what needs
// another item comes after it or is blocked, the breaker holds the rest, the
// report adds up, and the undo gives back what it promised.
func TestPlanOf500(t *testing.T) {
	t.Parallel()
	s := newSystem(t, actingEstate(), unlimited, quickly)
	c := s.client(t)
	m := newMixture(t, s.account)
	m.mixed(50)
	if len(m.items) != 500 {
		t.Fatalf("the plan has %d items", len(m.items))
	}
	before := m.looks()
	p := c.plan(planOf(m.items...))
	for _, it := range p.Items {
		if it.Ledger.State != tracker.ItemPlanned {
			t.Errorf("%s of %s %s is %s: %s", it.Verb, it.Type, it.ResourceID, it.Ledger.State, it.Ledger.Message)
		}
	}

	if t.Failed() {
		t.FailNow()
	}

	var removes []func()
	for _, operation := range mutating {
		removes = append(removes,
			s.account.Inject(simulator.Fault{Operation: operation, Kind: simulator.Denied, Probability: 0.05}),
			s.account.Inject(simulator.Fault{Operation: operation, Kind: simulator.Outage, Probability: 0.03}),
			s.account.Inject(simulator.Fault{Operation: operation, Kind: simulator.Lost, Probability: 0.02}),
			s.account.Inject(simulator.Fault{Operation: operation, Kind: simulator.Throttled, Probability: 0.05}),
		)
	}
	c.apply(p)
	held := 0
	for {
		p = c.planUntil(p.ID, 3*time.Minute, tracker.PlanHeld)
		if p.State != tracker.PlanHeld {
			break
		}
		held++
		if held > 100 {
			t.Fatal("the plan is held again and again")
		}
		addsUp(t, p)
		c.do("POST", "/api/v1/plans/"+p.ID+"/resume", map[string]any{})
	}
	for _, remove := range removes {
		remove()
	}
	t.Logf("the plan was held %d times and ended %s with %v", held, p.State, p.Totals.ByState)
	if held == 0 || p.State != tracker.PlanPartial {
		t.Errorf("the plan was held %d times and ended %s", held, p.State)
	}
	addsUp(t, p)
	endedTruly(t, s.account, p)
	inOrder(t, p)

	undo := c.undo(p.ID)
	undo = c.carriedOut(undo)
	allVerified(t, undo)
	after := m.looks()
	restored := 0
	for _, it := range p.Items {
		if it.Ledger.Inverse == nil {
			continue
		}
		restored++
		if it.Verb != "delete" && before[it.ResourceID] != after[it.ResourceID] {
			t.Errorf("after the undo of %s, %s is %q and was %q", it.Verb, it.ResourceID, after[it.ResourceID], before[it.ResourceID])
		}
	}
	volumes, err := m.ec2.DescribeVolumes(t.Context(), &ec2.DescribeVolumesInput{Filters: []types.Filter{
		{Name: aws.String("tag-key"), Values: []string{"resource-tracker:token"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	deleted := len(slices.DeleteFunc(slices.Clone(p.Items), func(it tracker.PlanItem) bool {
		return it.Type != "EBS_Volume" || it.Verb != "delete" || it.Ledger.State != tracker.ItemVerified
	}))
	if len(volumes.Volumes) != deleted || len(undo.Items) != restored {
		t.Errorf("%d volumes were deleted and %d restored; %d items have an inverse and %d were undone", deleted, len(volumes.Volumes), restored, len(undo.Items))
	}
}

// addsUp checks that a plan's totals are those of its items.
func addsUp(t *testing.T, p aPlan) {
	t.Helper()
	total, states := 0, map[tracker.ItemState]int{}
	for _, it := range p.Items {
		states[it.Ledger.State]++
	}
	for state, n := range p.Totals.ByState {
		total += n
		if p.State.Terminal() && states[state] != n {
			t.Errorf("the report has %d items %s, and %d are", n, state, states[state])
		}
	}
	if total != len(p.Items) || p.Totals.Items != total {
		t.Errorf("the report has %d items in its states and %d in all, of %d", total, p.Totals.Items, len(p.Items))
	}
}

// endedTruly checks each item's end against the account: a verified one was
// changed by as many calls as it has steps, others by fewer; what was not sent was
// not changed.
func endedTruly(t *testing.T, account *simulator.Account, p aPlan) {
	t.Helper()
	for _, it := range p.Items {
		n := account.Mutations(it.ResourceID)
		switch state := it.Ledger.State; state {
		case tracker.ItemVerified:
			if n != 1 {
				t.Errorf("%s of %s is verified, and was changed %d times", it.Verb, it.ResourceID, n)
			}
		case tracker.ItemFailed:
			if n > 0 || it.Ledger.Message == "" {
				t.Errorf("%s of %s failed, and was changed %d times: %s", it.Verb, it.ResourceID, n, it.Ledger.Message)
			}
		case tracker.ItemBlocked:
			bad := slices.ContainsFunc(it.DependsOn, func(k int) bool {
				return p.Items[k].Ledger.State != tracker.ItemVerified && strings.Contains(it.Ledger.Message, fmt.Sprintf("item %d ", k))
			})
			if n > 0 || !bad {
				t.Errorf("%s of %s is blocked, changed %d times: %s", it.Verb, it.ResourceID, n, it.Ledger.Message)
			}
		default:
			t.Errorf("%s of %s ended %s: %s", it.Verb, it.ResourceID, state, it.Ledger.Message)
		}
		for _, k := range it.DependsOn {
			if it.Ledger.State != tracker.ItemBlocked && p.Items[k].Ledger.State != tracker.ItemVerified {
				t.Errorf("item %d is %s, and needs item %d, which is %s", it.Index, it.Ledger.State, k, p.Items[k].Ledger.State)
			}
		}
	}
}
