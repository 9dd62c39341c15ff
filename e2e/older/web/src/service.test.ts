import { beforeAll, describe, expect, it } from 'vitest'
import { AWSResourceService, awsResourceService, type ResourceMetadata, type ScanResult } from './lib/api/aws-resources'

const keys = ['AKIAEXAMPLE', 'example'] as const
const nothing = 'i-00000000000000000'

describe('AWSResourceService', () => {
  let scan: ScanResult
  let running: ResourceMetadata[]

  beforeAll(async () => {
    scan = await awsResourceService.scanResources(...keys)
    running = scan.resources.filter((r) => r.resource_type === 'EC2_Instance' && r.state === 'running' && r.region === 'us-east-1' && r.tags.Environment === 'dev')
  })

  it('asks /api/v1/health', async () => {
    expect(await awsResourceService.healthCheck()).toMatchObject({ status: 'healthy', service: 'AWS Resource Tracker', version: '1.0.0' })
  })

  it('scans', () => {
    const stats = AWSResourceService.getResourceStats(scan)
    expect(stats.totalResources).toBe(scan.resources.length)
    expect(stats.regionsScanned).toBeGreaterThan(10)
    expect(stats.totalCost).toBeGreaterThan(1000)
    expect(stats.costByType.EC2_Instance).toBeGreaterThan(0)
    const unused = AWSResourceService.findUnusedResources(scan.resources)
    expect(unused.stopped_instances.length).toBeGreaterThan(0)
    expect(AWSResourceService.calculateSavings(scan.resources).totalAnnual).toBeGreaterThan(0)
  })

  it('is told which region was denied', () => {
    expect(scan.errors.filter((e) => e.type === 'scan_error' && e.message.includes('eu-west-2'))).not.toEqual([])
  })

  it('rejects a scan without credentials, in the words of before', async () => {
    await expect(awsResourceService.scanResources('', '')).rejects.toThrow('AWS credentials missing from request')
  })

  it('rejects a wrong key', async () => {
    await expect(new AWSResourceService(undefined, 'wrong').filterResources([], {})).rejects.toThrow('Invalid API key')
  })

  it('filters on the server', async () => {
    const found = await awsResourceService.filterResources(scan.resources, { resource_type: 'EC2_Instance', region: 'us-east-1', state: 'running', tags: { Environment: 'dev' } })
    expect(found).toEqual(running)
  })

  it('stops an instance', async () => {
    expect(await awsResourceService.performAction(...keys, running[0].resource_id, 'EC2_Instance', 'us-east-1', 'stop'))
      .toMatchObject({ success: true, action: 'stop', verification_status: 'verified', error: null })
  })

  it('rejects a refused action', async () => {
    await expect(awsResourceService.performAction(...keys, nothing, 'EC2_Instance', 'us-east-1', 'stop')).rejects.toThrow()
    await expect(awsResourceService.performAction(...keys, 'vol-1', 'EBS_Volume', 'us-east-1', 'stop')).rejects.toThrow('Unsupported action stop for resource type EBS_Volume')
  })

  it('keeps the results of a bulk with a failure', async () => {
    const change = (resource_id: string) => ({ resource_id, resource_type: 'EC2_Instance', region: 'us-east-1', action: 'stop' as const })
    const result = await awsResourceService.performBulkAction(...keys, [change(nothing), change(running[1].resource_id)])
    expect(result).toMatchObject({ success: true, total_actions: 2, successful: 1, failed: 1 })
    expect(result.results.map((r) => [r.resource_id, r.success])).toEqual([[nothing, false], [running[1].resource_id, true]])
  })

  it('reads the documentation', async () => {
    expect(await awsResourceService.getDocumentation()).toHaveProperty('endpoints.bulk_action.path', '/api/v1/resources/bulk-action')
  })
})
