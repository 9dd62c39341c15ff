import { describe, expect, it } from 'vitest'
import { AWSResourceService, type ResourceMetadata, type ScanResult } from '../src/index.js'
import { resource } from './resources.js'

const volume = resource('EBS_Volume', 'vol-1', 'available', 48, { Team: 'a' })
const resources: ResourceMetadata[] = [
  volume,
  resource('EBS_Volume', 'vol-2', 'available', 8),
  resource('EBS_Volume', 'vol-3', 'in-use', 8),
  resource('EBS_Volume', 'vol-4', 'available', null),
  resource('Elastic_IP', 'eip-1', 'unassociated', 3.65),
  resource('EC2_Instance', 'i-1', 'stopped', 0),
]

describe('AWSResourceService', () => {
  it('finds what is unused', () => {
    const { stopped_instances, unassociated_ips, available_volumes } = AWSResourceService.findUnusedResources(resources)
    expect([stopped_instances, unassociated_ips, available_volumes].map((list) => list.map((r) => r.resource_id)))
      .toEqual([['i-1'], ['eip-1'], ['vol-1', 'vol-2', 'vol-4']])
  })

  it('saves what each one costs, and nothing that is not known', () => {
    expect(AWSResourceService.calculateSavings(resources))
      .toEqual({ unassociatedIpSavings: 3.65, unusedVolumeSavings: 56, totalMonthly: 59.65, totalAnnual: 59.65 * 12 })
  })

  it.each([
    ['all at once', { resource_type: 'EBS_Volume', state: 'available', tags: { Team: 'a' } }, ['vol-1']],
    ['an empty field as none', { region: '', resource_type: 'Elastic_IP' }, ['eip-1']],
    ['a tag exactly', { tags: { Team: 'A' } }, []],
  ])('filters by %s', async (_, filters, ids) => {
    const found = await new AWSResourceService().filterResources(resources, filters)
    expect(found.map((r) => r.resource_id)).toEqual(ids)
  })

  it('counts', () => {
    const result = {
      summary: { total_resources: 6, by_type: { EBS_Volume: 4 } }, cost_summary: { estimated_monthly_total: 67.65, by_resource_type: { EBS_Volume: 64 } },
      regions_scanned: ['eu-west-1'], errors: [{ type: 'scan_error', message: 'denied' }],
    } as unknown as ScanResult
    expect(AWSResourceService.getResourceStats(result)).toEqual({
      totalResources: 6, totalCost: 67.65, regionsScanned: 1, resourcesByType: { EBS_Volume: 4 }, costByType: { EBS_Volume: 64 }, errorCount: 1,
    })
  })
})
