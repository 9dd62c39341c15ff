export { useAWSResources } from './use-aws-resources.js';
export { useScan } from './use-scan.js';
