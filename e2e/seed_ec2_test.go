package e2e

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

func ec2Tag(k, v string) types.Tag { return types.Tag{Key: &k, Value: &v} }

func ec2Tags(kind types.ResourceType, name string, tags map[string]string) (map[string]string, []types.TagSpecification) {
	all, list := tagged(name, tags, ec2Tag)
	return all, []types.TagSpecification{{ResourceType: kind, Tags: list}}
}

// instances makes running instances, more than a page of them in the large
// region, and a stopped and a terminated one.
func (s *seeder) instances() error {
	client := ec2.NewFromConfig(s.cfg)
	if err := s.runInstances(client, int32(s.few(1005)), "t3.micro", "", nil); err != nil {
		return err
	}
	if err := s.runInstances(client, 1, "m5.large", "web-"+s.region, awkward); err != nil {
		return err
	}
	stopped, err := s.launched(client, 1, "t3.small", "stopped-"+s.region, nil)
	if err != nil {
		return err
	}
	if _, err := client.StopInstances(s.ctx, &ec2.StopInstancesInput{InstanceIds: []string{*stopped[0].InstanceId}}); err != nil {
		return err
	}
	// A stopped instance has given back its public address.
	r := s.instance(stopped[0], "stopped", "stopped-"+s.region, map[string]string{"Name": "stopped-" + s.region})
	r.Metadata["public_ip"] = nil
	s.add(r)
	if err := s.rootVolumes(client, stopped); err != nil {
		return err
	}

	ended, err := s.launched(client, 1, "t3.small", "terminated-"+s.region, nil)
	if err != nil {
		return err
	}
	_, err = client.TerminateInstances(s.ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{*ended[0].InstanceId}})
	return err
}

func (s *seeder) launched(client *ec2.Client, n int32, kind types.InstanceType, name string, tags map[string]string) ([]types.Instance, error) {
	in := &ec2.RunInstancesInput{ImageId: aws.String("ami-12345678"), InstanceType: kind, MinCount: &n, MaxCount: &n}
	if name != "" {
		_, in.TagSpecifications = ec2Tags(types.ResourceTypeInstance, name, tags)
	}
	out, err := client.RunInstances(s.ctx, in)
	if err != nil {
		return nil, err
	}
	return out.Instances, nil
}

func (s *seeder) runInstances(client *ec2.Client, n int32, kind types.InstanceType, name string, tags map[string]string) error {
	made, err := s.launched(client, n, kind, name, tags)
	if err != nil {
		return err
	}
	all, _ := tagged(name, tags, ec2Tag)
	for _, i := range made {
		s.add(s.instance(i, "running", name, all))
	}
	return s.rootVolumes(client, made)
}

func (s *seeder) instance(i types.Instance, state, name string, tags map[string]string) tracker.Resource {
	if name == "" {
		name = "Unnamed"
	}
	return tracker.Resource{
		ID: *i.InstanceId, Name: &name, Type: "EC2_Instance", ARN: s.arn("ec2", "instance/"+*i.InstanceId),
		State: state, Created: i.LaunchTime, Tags: tags,
		Metadata: tracker.Metadata{
			"instance_type": string(i.InstanceType), "vpc_id": *i.VpcId, "subnet_id": *i.SubnetId,
			"public_ip": i.PublicIpAddress, "private_ip": *i.PrivateIpAddress,
		},
	}
}

// rootVolumes notes the volumes that came with instances: RunInstances does
// not answer their sizes, so they are read once through the seeder's client.
func (s *seeder) rootVolumes(client *ec2.Client, made []types.Instance) error {
	of := map[string]bool{}
	for _, i := range made {
		of[*i.InstanceId] = true
	}
	out, err := client.DescribeVolumes(s.ctx, &ec2.DescribeVolumesInput{})
	if err != nil {
		return err
	}
	found := 0
	for _, v := range out.Volumes {
		if len(v.Attachments) == 1 && of[*v.Attachments[0].InstanceId] {
			found++
			s.add(s.volume(v, "Unnamed", map[string]string{}))
		}
	}
	if found != len(made) {
		return fmt.Errorf("%d instances came with %d volumes", len(made), found)
	}
	return nil
}

func (s *seeder) volume(v types.Volume, name string, tags map[string]string) tracker.Resource {
	attached := []string{}
	state := "available"
	for _, a := range v.Attachments {
		attached = append(attached, *a.InstanceId)
		state = "in-use"
	}
	return tracker.Resource{
		ID: *v.VolumeId, Name: &name, Type: "EBS_Volume", ARN: s.arn("ec2", "volume/"+*v.VolumeId),
		State: state, Created: v.CreateTime, Tags: tags,
		Metadata: tracker.Metadata{"size_gb": v.Size, "volume_type": string(v.VolumeType), "iops": v.Iops, "attached_to": attached},
	}
}

// volumes makes unattached volumes of several types.
func (s *seeder) volumes() error {
	client := ec2.NewFromConfig(s.cfg)
	rows := []struct {
		name string
		in   ec2.CreateVolumeInput
		tags map[string]string
	}{
		{"data-gp3", ec2.CreateVolumeInput{VolumeType: types.VolumeTypeGp3, Size: aws.Int32(100), Iops: aws.Int32(4000)}, awkward},
		{"data-io1", ec2.CreateVolumeInput{VolumeType: types.VolumeTypeIo1, Size: aws.Int32(50), Iops: aws.Int32(1000)}, nil},
		{"", ec2.CreateVolumeInput{VolumeType: types.VolumeTypeStandard, Size: aws.Int32(1)}, nil},
	}
	for _, row := range rows {
		row.in.AvailabilityZone = aws.String(s.region + "a")
		all := map[string]string{}
		if row.name != "" {
			all, row.in.TagSpecifications = ec2Tags(types.ResourceTypeVolume, row.name, row.tags)
		}
		out, err := client.CreateVolume(s.ctx, &row.in)
		if err != nil {
			return err
		}
		name := row.name
		if name == "" {
			name = "Unnamed"
		}
		s.add(s.volume(types.Volume{
			VolumeId: out.VolumeId, CreateTime: out.CreateTime, Size: row.in.Size, VolumeType: row.in.VolumeType, Iops: row.in.Iops,
		}, name, all))
	}
	return nil
}

// addresses makes one address in use by an instance and one that is idle.
func (s *seeder) addresses() error {
	client := ec2.NewFromConfig(s.cfg)
	made, err := s.launched(client, 1, "t3.nano", "bastion-"+s.region, nil)
	if err != nil {
		return err
	}
	if err := s.rootVolumes(client, made); err != nil {
		return err
	}
	id := made[0].InstanceId

	used, err := s.allocate(client, map[string]string{"use": "bastion"})
	if err != nil {
		return err
	}
	if _, err := client.AssociateAddress(s.ctx, &ec2.AssociateAddressInput{AllocationId: &used.ID, InstanceId: id}); err != nil {
		return err
	}
	used.State = "associated"
	used.Metadata["associated_instance"] = *id
	used.Metadata["associated_eni"] = *made[0].NetworkInterfaces[0].NetworkInterfaceId
	s.add(used)

	// The instance answers at the address that it was given.
	bastion := s.instance(made[0], "running", "bastion-"+s.region, map[string]string{"Name": "bastion-" + s.region})
	bastion.Metadata["public_ip"] = used.Metadata["public_ip"]
	s.add(bastion)

	idle, err := s.allocate(client, awkward)
	if err != nil {
		return err
	}
	s.add(idle)
	return nil
}

func (s *seeder) allocate(client *ec2.Client, tags map[string]string) (tracker.Resource, error) {
	all, spec := ec2Tags(types.ResourceTypeElasticIp, "", tags)
	out, err := client.AllocateAddress(s.ctx, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc, TagSpecifications: spec})
	if err != nil {
		return tracker.Resource{}, err
	}
	return tracker.Resource{
		ID: *out.AllocationId, Name: out.PublicIp, Type: "Elastic_IP", ARN: s.arn("ec2", "elastic-ip/"+*out.AllocationId),
		State: "unassociated", Tags: all,
		Metadata: tracker.Metadata{"public_ip": *out.PublicIp, "associated_instance": nil, "associated_eni": nil},
	}, nil
}

// gateways makes a public NAT gateway with its address, a private one, which
// has none, and a deleted one.
func (s *seeder) gateways() error {
	client := ec2.NewFromConfig(s.cfg)
	subnets, err := client.DescribeSubnets(s.ctx, &ec2.DescribeSubnetsInput{})
	if err != nil {
		return err
	}
	subnet := subnets.Subnets[0].SubnetId

	address, err := s.allocate(client, nil)
	if err != nil {
		return err
	}
	public, err := s.gateway(client, &ec2.CreateNatGatewayInput{SubnetId: subnet, AllocationId: &address.ID}, awkward)
	if err != nil {
		return err
	}
	// CreateNatGateway does not answer the interface that it makes.
	all, err := client.DescribeAddresses(s.ctx, &ec2.DescribeAddressesInput{AllocationIds: []string{address.ID}})
	if err != nil {
		return err
	}
	address.State = "associated"
	address.Metadata["associated_eni"] = *all.Addresses[0].NetworkInterfaceId
	s.add(address)
	public.Metadata["allocation_id"], public.Metadata["public_ip"] = address.ID, address.Metadata["public_ip"]
	s.add(public)

	private, err := s.gateway(client, &ec2.CreateNatGatewayInput{SubnetId: subnet, ConnectivityType: types.ConnectivityTypePrivate}, nil)
	if err != nil {
		return err
	}
	s.add(private)

	gone, err := s.gateway(client, &ec2.CreateNatGatewayInput{SubnetId: subnet, ConnectivityType: types.ConnectivityTypePrivate}, nil)
	if err != nil {
		return err
	}
	_, err = client.DeleteNatGateway(s.ctx, &ec2.DeleteNatGatewayInput{NatGatewayId: &gone.ID})
	return err
}

func (s *seeder) gateway(client *ec2.Client, in *ec2.CreateNatGatewayInput, tags map[string]string) (tracker.Resource, error) {
	all, spec := ec2Tags(types.ResourceTypeNatgateway, "", tags)
	if len(all) > 0 {
		in.TagSpecifications = spec
	}
	out, err := client.CreateNatGateway(s.ctx, in)
	if err != nil {
		return tracker.Resource{}, err
	}
	g := out.NatGateway
	return tracker.Resource{
		ID: *g.NatGatewayId, Name: g.NatGatewayId, Type: "NAT_Gateway", ARN: s.arn("ec2", "natgateway/"+*g.NatGatewayId),
		State: "available", Created: g.CreateTime, Tags: all,
		Metadata: tracker.Metadata{"subnet_id": *in.SubnetId, "allocation_id": nil, "public_ip": nil},
	}, nil
}
