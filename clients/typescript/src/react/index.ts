export { useAWSResources, type AWSCredentials, type UseAWSResources } from './use-aws-resources.js'
export { useScan, type UseScan } from './use-scan.js'
