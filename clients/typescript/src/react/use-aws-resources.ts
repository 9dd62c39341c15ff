import { useCallback, useState } from 'react'
import {
  type Action, type ActionResult, AWSResourceService, awsResourceService, type BulkActionResult, type FilterOptions, type ResourceMetadata,
  type Savings,
} from '../aws-resources.js'
import type { ScanResult } from '../types.js'

export interface AWSCredentials {
  accessKeyId: string
  secretAccessKey: string
}

export interface UseAWSResources {
  /** In this component's memory alone, and gone with it. */
  credentials: AWSCredentials | null
  setCredentials: (credentials: AWSCredentials | null) => void
  isScanning: boolean
  isFiltering: boolean
  isPerformingAction: boolean
  /** Why the last call failed; null once one succeeds. */
  error: Error | null
  scanResult: ScanResult | null
  filteredResources: ResourceMetadata[]
  /** Only resources that are shown: filtering drops the others. */
  selectedResources: ResourceMetadata[]
  scan: (maxWorkers?: number) => Promise<ScanResult | null>
  filter: (filters: FilterOptions) => Promise<void>
  clearFilters: () => void
  selectResources: (resources: ResourceMetadata[]) => void
  toggleResourceSelection: (resource: ResourceMetadata) => void
  clearSelection: () => void
  performAction: (resource: ResourceMetadata, action: Action) => Promise<ActionResult | null>
  /** Carries out one action on what is selected. */
  performBulkAction: (action: Action) => Promise<BulkActionResult | null>
  getTotalCost: () => number
  getResourceCount: () => number
  getRegionCount: () => number
  getResourcesByType: () => Record<string, number>
  getCostByType: () => Record<string, number>
  getSavingsOpportunities: () => Savings | null
}

/** useAWSResources is the hook of the earlier service's front end. New code uses useScan. */
export function useAWSResources(service: AWSResourceService = awsResourceService): UseAWSResources {
  const [credentials, setCredentials] = useState<AWSCredentials | null>(null)
  const [busy, setBusy] = useState<'scan' | 'filter' | 'action' | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [scanResult, setScanResult] = useState<ScanResult | null>(null)
  const [filteredResources, setFiltered] = useState<ResourceMetadata[]>([])
  const [selectedResources, setSelected] = useState<ResourceMetadata[]>([])

  const attempt = useCallback(async <T>(what: 'scan' | 'filter' | 'action', work: () => Promise<T>): Promise<T | null> => {
    setBusy(what)
    setError(null)
    try {
      return await work()
    } catch (cause) {
      setError(cause instanceof Error ? cause : new Error(String(cause)))
      return null
    } finally {
      setBusy(null)
    }
  }, [])

  const show = useCallback((resources: ResourceMetadata[]) => {
    setFiltered(resources)
    setSelected((selected) => selected.filter((s) => resources.some((r) => isSame(r, s))))
  }, [])

  const keys = (): AWSCredentials => {
    if (credentials === null) throw new Error('AWS credentials are missing')
    return credentials
  }

  const stats = scanResult && AWSResourceService.getResourceStats(scanResult)
  return {
    credentials, setCredentials, error, scanResult, filteredResources, selectedResources,
    isScanning: busy === 'scan', isFiltering: busy === 'filter', isPerformingAction: busy === 'action',
    scan: (maxWorkers) => attempt('scan', async () => {
      const result = await service.scanResources(keys().accessKeyId, keys().secretAccessKey, maxWorkers)
      setScanResult(result)
      show(result.resources)
      return result
    }),
    filter: async (filters) => {
      await attempt('filter', async () => show(await service.filterResources(scanResult?.resources ?? [], filters)))
    },
    clearFilters: () => show(scanResult?.resources ?? []),
    selectResources: setSelected,
    toggleResourceSelection: (resource) => setSelected((selected) =>
      selected.some((s) => isSame(s, resource)) ? selected.filter((s) => !isSame(s, resource)) : [...selected, resource]),
    clearSelection: () => setSelected([]),
    performAction: (r, action) => attempt('action', () =>
      service.performAction(keys().accessKeyId, keys().secretAccessKey, r.resource_id, r.resource_type, r.region, action)),
    performBulkAction: (action) => attempt('action', () => {
      const actions = selectedResources.map(({ resource_id, resource_type, region }) => ({ resource_id, resource_type, region, action }))
      return service.performBulkAction(keys().accessKeyId, keys().secretAccessKey, actions)
    }),
    getTotalCost: () => stats?.totalCost ?? 0,
    getResourceCount: () => stats?.totalResources ?? 0,
    getRegionCount: () => stats?.regionsScanned ?? 0,
    getResourcesByType: () => stats?.resourcesByType ?? {},
    getCostByType: () => stats?.costByType ?? {},
    getSavingsOpportunities: () => scanResult && AWSResourceService.calculateSavings(scanResult.resources),
  }
}

/** isSame compares by the four that name a resource: an ID alone may be in two regions. */
const isSame = (a: ResourceMetadata, b: ResourceMetadata): boolean =>
  a.resource_id === b.resource_id && a.resource_type === b.resource_type && a.region === b.region && a.account_id === b.account_id
