/** partitions are the parts of AWS that have accounts of their own, by what an ARN calls them. */
export const partitions: Record<string, string> = {
  aws: 'AWS', 'aws-cn': 'AWS China', 'aws-us-gov': 'AWS GovCloud (US)', 'aws-eusc': 'AWS European Sovereign Cloud',
}

/** enabled are the regions that AWS enables in each account of a partition. Others can be typed. Of a partition that is not here nobody outside knows. */
const enabled: Record<string, string[]> = {
  aws: [
    'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1', 'eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-north-1',
    'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3',
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
  'aws-eusc': ['eusc-de-east-1'],
}

/** regionsOf are the regions that an account has enabled at first, by the ARN of a role in it. Without one it is taken for one of the commercial part. */
export const regionsOf = (arn = 'arn:aws:'): string[] => enabled[partitionOf(arn) ?? ''] ?? []

/** consoles are those of AWS by partition, and home is where one shows what has no region. A partition that is not here has a console that nobody outside knows. */
export const consoles: Record<string, { host: string; home: string }> = {
  aws: { host: 'console.aws.amazon.com', home: 'us-east-1' },
  'aws-cn': { host: 'console.amazonaws.cn', home: 'cn-north-1' },
  'aws-us-gov': { host: 'console.amazonaws-us-gov.com', home: 'us-gov-west-1' },
}

/** partitionOf is the partition that an ARN is of; undefined of what is no ARN. */
export function partitionOf(arn: string): string | undefined {
  const [scheme, partition] = arn.split(':')
  return scheme === 'arn' && partition ? partition : undefined
}
