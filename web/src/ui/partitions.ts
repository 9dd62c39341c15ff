/** partitions are the parts of AWS that have accounts of their own, by what an ARN calls them. */
export const partitions: Record<string, string> = {
  aws: 'AWS', 'aws-cn': 'AWS China', 'aws-us-gov': 'AWS GovCloud (US)', 'aws-eusc': 'AWS European Sovereign Cloud',
}

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
