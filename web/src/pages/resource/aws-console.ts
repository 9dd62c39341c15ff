import type { Schemas } from '@consolesensei/resource-tracker'
import { consoles, partitionOf } from '../../ui/partitions'

type One = Pick<Schemas['Resource'], 'resource_type' | 'resource_id' | 'resource_name' | 'region' | 'arn'>

const enc = encodeURIComponent
const ec2 = (view: string, of: (one: One) => string = (one) => one.resource_id) => (one: One, region: string) => `ec2/home?region=${region}#${view}=${enc(of(one))}`
const vpc = (view: string) => (one: One, region: string) => `vpcconsole/home?region=${region}#${view}=${enc(one.resource_id)}`
/** last is the name at the end of an ARN or an ID. */
const last = (one: One): string => one.resource_id.split(/[:/]/).at(-1) ?? ''

/** pages say where the console shows a resource of a type. */
const pages: Record<string, (one: One, region: string) => string | undefined> = {
  EC2_Instance: ec2('InstanceDetails:instanceId'),
  EBS_Volume: ec2('VolumeDetails:volumeId'),
  EBS_Snapshot: ec2('SnapshotDetails:snapshotId'),
  AMI: ec2('ImageDetails:imageId'),
  Elastic_IP: ec2('ElasticIpDetails:AllocationId'),
  Security_Group: ec2('SecurityGroup:groupId'),
  Network_Interface: ec2('NetworkInterface:networkInterfaceId'),
  Launch_Template: ec2('LaunchTemplateDetails:launchTemplateId'),
  Load_Balancer: (one, region) => (/:loadbalancer\/(app|net|gwy)\//.test(one.arn) ? ec2('LoadBalancer:loadBalancerArn', (it) => it.arn)(one, region) : undefined),
  Target_Group: ec2('TargetGroup:targetGroupArn', (one) => one.arn),
  VPC: vpc('VpcDetails:VpcId'),
  Subnet: vpc('SubnetDetails:subnetId'),
  Route_Table: vpc('RouteTableDetails:RouteTableId'),
  Internet_Gateway: vpc('InternetGateway:internetGatewayId'),
  NAT_Gateway: vpc('NatGatewayDetails:natGatewayId'),
  VPC_Endpoint: vpc('EndpointDetails:vpcEndpointId'),
  S3_Bucket: (one, region) => `s3/buckets/${enc(one.resource_id)}?region=${region}`,
  RDS_Instance: (one, region) => `rds/home?region=${region}#database:id=${enc(one.resource_id)};is-cluster=false`,
  RDS_Cluster: (one, region) => `rds/home?region=${region}#database:id=${enc(one.resource_id)};is-cluster=true`,
  Lambda_Function: (one, region) => `lambda/home?region=${region}#/functions/${enc(last(one))}`,
  DynamoDB_Table: (one, region) => `dynamodbv2/home?region=${region}#table?name=${enc(last(one))}`,
  SNS_Topic: (one, region) => `sns/v3/home?region=${region}#/topic/${enc(one.arn)}`,
  // Of log groups the console takes the name escaped twice, with dollars for percent signs.
  CloudWatch_LogGroup: (one, region) => `cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${enc(enc(one.resource_name ?? one.resource_id)).replaceAll('%', '$')}`,
  CloudFormation_Stack: (one, region) => `cloudformation/home?region=${region}#/stacks/stackinfo?stackId=${enc(one.arn)}`,
  KMS_Key: (one, region) => `kms/home?region=${region}#/kms/keys/${enc(last(one))}`,
  EFS_FileSystem: (one, region) => `efs/home?region=${region}#/file-systems/${enc(one.resource_id)}`,
  ECS_Cluster: (one, region) => `ecs/v2/clusters/${enc(last(one))}?region=${region}`,
  Step_Function: (one, region) => `states/home?region=${region}#/statemachines/view/${enc(one.arn)}`,
  CloudFront_Distribution: (one) => `cloudfront/v4/home#/distributions/${enc(last(one))}`,
  IAM_Role: (one, region) => `iam/home?region=${region}#/roles/details/${enc(one.resource_name ?? last(one))}`,
  IAM_User: (one, region) => `iam/home?region=${region}#/users/details/${enc(one.resource_name ?? last(one))}`,
}

/** awsConsole is the address of a resource in the console of AWS; undefined where it is not known. */
export function awsConsole(one: One): string | undefined {
  const at = consoles[partition(one)]
  const region = one.region === 'global' ? at?.home : one.region
  if (!at || !region || !/^[a-z0-9-]+$/.test(region)) return undefined
  const page = pages[one.resource_type]?.(one, region)
  return page && `https://${region}.${at.host}/${page}`
}

function partition(one: One): string {
  const named = partitionOf(one.arn)
  if (named) return named
  return one.region.startsWith('cn-') ? 'aws-cn' : one.region.startsWith('us-gov-') ? 'aws-us-gov' : /^us-iso|^eu-iso|^eusc-/.test(one.region) ? '' : 'aws'
}
