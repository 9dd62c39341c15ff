package simulator

import (
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

// instanceTypes are common types. Some of their sizes and generations cost more
// than they need to.
var instanceTypes = []types.InstanceType{
	"t3.micro", "t3.small", "t3.medium", "t3.large", "t4g.small", "t4g.medium", "m5.large", "m5.xlarge", "m6i.large",
	"m7g.large", "c5.large", "c6i.xlarge", "r5.large", "r6g.large", "t2.micro", "t2.medium", "m4.large", "m3.medium", "c4.large",
}

var stateCodes = map[string]int32{
	"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80,
}

func instanceStateOf(state string) *types.InstanceState {
	return &types.InstanceState{Code: new(stateCodes[state]), Name: types.InstanceStateName(state)}
}

func describeInstances(r *request, in *ec2.DescribeInstancesInput) (*ec2.DescribeInstancesOutput, error) {
	list, next, err := ec2Page(r, selection{instances, in.InstanceIds, in.Filters, in.MaxResults, in.NextToken}, r.instance, instanceField)
	if err != nil {
		return nil, err
	}
	reservations := make([]types.Reservation, len(list))
	for i := range list {
		reservations[i] = types.Reservation{
			ReservationId: new("r-" + (*list[i].InstanceId)[len("i-"):]),
			OwnerId:       &r.estate.account,
			Instances:     list[i : i+1 : i+1],
		}
	}
	return &ec2.DescribeInstancesOutput{Reservations: reservations, NextToken: next}, nil
}

func (r *request) instance(n int) (types.Instance, bool) {
	e := r.estate
	state, ok := e.instanceState(n, r.now)
	if !ok {
		return types.Instance{}, false
	}
	d := e.dice(instances, n, forDetail)
	id := hex17("i-", e.id(instances, n))
	launched := e.created(instances, n)
	zone, vpc, subnet := e.places[r.Region].at(&d)
	instanceType := pick(&d, instanceTypes)
	v := types.Instance{
		InstanceId:          &id,
		InstanceType:        instanceType,
		Architecture:        types.ArchitectureValuesX8664,
		ImageId:             new(hex17("ami-", mix(uint64(d.below(12))))),
		KeyName:             new("ops"),
		LaunchTime:          &launched,
		Monitoring:          &types.Monitoring{State: types.MonitoringStateDisabled},
		Placement:           &types.Placement{AvailabilityZone: &zone, Tenancy: types.TenancyDefault},
		PlatformDetails:     new("Linux/UNIX"),
		UsageOperation:      new("RunInstances"),
		Hypervisor:          types.HypervisorTypeXen,
		VirtualizationType:  types.VirtualizationTypeHvm,
		RootDeviceType:      types.DeviceTypeEbs,
		RootDeviceName:      new("/dev/xvda"),
		BlockDeviceMappings: r.mappings(n, launched),
		State:               instanceStateOf(state),
		Tags:                e.ec2Tags(instances, n),
	}
	if strings.Contains(string(instanceType), "g.") {
		v.Architecture = types.ArchitectureValuesArm64
	}
	if d.below(12) == 0 {
		v.Platform, v.PlatformDetails, v.UsageOperation = types.PlatformValuesWindows, new("Windows"), new("RunInstances:0002")
	}
	if d.below(15) == 0 {
		v.InstanceLifecycle = types.InstanceLifecycleTypeSpot
	}
	open := d.below(5) < 2
	switch state {
	case "stopped":
		v.StateTransitionReason = new("User initiated (" + gmt(e.epoch.Add(-time.Duration(d.below(200))*24*time.Hour)) + ")")
	case "terminated":
		v.StateTransitionReason = new("User initiated")
		v.BlockDeviceMappings = nil
		return v, true
	}
	v.VpcId, v.SubnetId = &vpc, &subnet
	v.PrivateIpAddress = new(privateIP(e.id(instances, n)))
	v.PrivateDnsName = new("ip-" + strings.ReplaceAll(*v.PrivateIpAddress, ".", "-") + ".ec2.internal")
	v.SecurityGroups = []types.GroupIdentifier{{GroupId: new(hex17("sg-", mix(uint64(d.below(8))))), GroupName: new("default")}}
	if a, ok := e.addressOf(instances, n, r.Region, r.now); ok {
		v.PublicIpAddress = new(publicIP(e.id(addresses, a)))
	} else if open && state == "running" {
		v.PublicIpAddress = new(publicIP(mix(e.id(instances, n))))
	}
	return v, true
}

// mappings are the volumes that are attached to an instance.
func (r *request) mappings(n int, launched time.Time) []types.InstanceBlockDeviceMapping {
	list := make([]types.InstanceBlockDeviceMapping, 0, 2)
	r.estate.volumesOf(n, r.Region, func(volume, device int) {
		if _, where, ok := r.estate.volumeState(volume, r.now); !ok || !where.attached {
			return
		}
		list = append(list, types.InstanceBlockDeviceMapping{
			DeviceName: new(deviceName(device)),
			Ebs: &types.EbsInstanceBlockDevice{
				AttachTime:          &launched,
				DeleteOnTermination: new(device == 0),
				Status:              types.AttachmentStatusAttached,
				VolumeId:            new(hex17("vol-", r.estate.id(volumes, volume))),
			},
		})
	})
	return list
}

func deviceName(device int) string {
	if device == 0 {
		return "/dev/xvda"
	}
	return "/dev/sd" + "fghijkl"[device-1:device]
}

func instanceField(v *types.Instance, name string) ([]string, bool) {
	switch name {
	case "instance-id":
		return text(v.InstanceId), true
	case "instance-state-name":
		return []string{string(v.State.Name)}, true
	case "instance-type":
		return []string{string(v.InstanceType)}, true
	case "vpc-id":
		return text(v.VpcId), true
	case "subnet-id":
		return text(v.SubnetId), true
	case "availability-zone":
		return text(v.Placement.AvailabilityZone), true
	}
	return tagField(v.Tags, name)
}

// instanceVerb is a change of an instance's state. The call is accepted for
// instances that have reached the state or are on their way to it, and these
// stay as they are.
type instanceVerb struct {
	from, done []string
	refused    string // what it is that the state forbids
	apply      func(*estate, time.Time) func(*change)
}

var (
	starting = instanceVerb{
		from: []string{"stopped"}, done: []string{"running", "pending"}, refused: "started",
		apply: func(e *estate, now time.Time) func(*change) { return e.move(now, "pending", "running") },
	}
	stopping = instanceVerb{
		from: []string{"running"}, done: []string{"stopped", "stopping"}, refused: "stopped",
		apply: func(e *estate, now time.Time) func(*change) { return e.move(now, "stopping", "stopped") },
	}
	terminating = instanceVerb{
		from: []string{"pending", "running", "stopping", "stopped"}, done: []string{"shutting-down", "terminated"}, refused: "terminated",
		apply: func(e *estate, now time.Time) func(*change) {
			return e.remove(now, "shutting-down", "terminated", lasting)
		},
	}
)

// turn applies a verb to all instances or, if one of them cannot, to none.
func (r *request) turn(ids []string, dryRun *bool, verb instanceVerb) ([]types.InstanceStateChange, error) {
	found, err := r.locateAll(instances, ids)
	if err != nil {
		return nil, err
	}
	before := make([]string, len(found))
	for i, n := range found {
		before[i], _ = r.estate.instanceState(n, r.now)
		if !slices.Contains(verb.from, before[i]) && !slices.Contains(verb.done, before[i]) {
			return nil, r.refuse(400, "IncorrectInstanceState", "The instance '%s' is not in a state from which it can be %s.", ids[i], verb.refused)
		}
	}
	if err := r.rehearse(dryRun); err != nil {
		return nil, err
	}
	changes := make([]types.InstanceStateChange, len(found))
	for i, n := range found {
		apply := unchanged
		if slices.Contains(verb.from, before[i]) {
			apply = verb.apply(r.estate, r.now)
		}
		r.estate.change(instances, n, ids[i], apply)
		after, _ := r.estate.instanceState(n, r.now)
		changes[i] = types.InstanceStateChange{
			InstanceId: &ids[i], PreviousState: instanceStateOf(before[i]), CurrentState: instanceStateOf(after),
		}
	}
	return changes, nil
}

func startInstances(r *request, in *ec2.StartInstancesInput) (*ec2.StartInstancesOutput, error) {
	changes, err := r.turn(in.InstanceIds, in.DryRun, starting)
	return &ec2.StartInstancesOutput{StartingInstances: changes}, err
}

func stopInstances(r *request, in *ec2.StopInstancesInput) (*ec2.StopInstancesOutput, error) {
	changes, err := r.turn(in.InstanceIds, in.DryRun, stopping)
	return &ec2.StopInstancesOutput{StoppingInstances: changes}, err
}

func terminateInstances(r *request, in *ec2.TerminateInstancesInput) (*ec2.TerminateInstancesOutput, error) {
	changes, err := r.turn(in.InstanceIds, in.DryRun, terminating)
	return &ec2.TerminateInstancesOutput{TerminatingInstances: changes}, err
}

func rebootInstances(r *request, in *ec2.RebootInstancesInput) (*ec2.RebootInstancesOutput, error) {
	found, err := r.locateAll(instances, in.InstanceIds)
	if err != nil {
		return nil, err
	}
	for i, n := range found {
		if state, _ := r.estate.instanceState(n, r.now); state != "running" {
			return nil, r.refuse(400, "IncorrectInstanceState", "The instance '%s' is not in a state from which it can be rebooted.", in.InstanceIds[i])
		}
	}
	if err := r.rehearse(in.DryRun); err != nil {
		return nil, err
	}
	for i, n := range found {
		r.estate.change(instances, n, in.InstanceIds[i], unchanged)
	}
	return &ec2.RebootInstancesOutput{}, nil
}
