import { useCallback, useState } from 'react'
import {
  AWSResourceService, awsResourceService, type ActionResult, type BulkActionResult, type FilterOptions, type ResourceMetadata, type ScanResult,
} from '../lib/api/aws-resources'

export interface AWSCredentials {
  accessKeyId: string
  secretAccessKey: string
}

export function useAWSResources() {
  const [credentials, setCredentials] = useState<AWSCredentials | null>(null)
  const [isScanning, setIsScanning] = useState(false)
  const [isFiltering, setIsFiltering] = useState(false)
  const [isPerformingAction, setIsPerformingAction] = useState(false)
  const [scanResult, setScanResult] = useState<ScanResult | null>(null)
  const [filteredResources, setFilteredResources] = useState<ResourceMetadata[]>([])
  const [selectedResources, setSelectedResources] = useState<Set<string>>(new Set())
  const [error, setError] = useState<string | null>(null)

  const scan = useCallback(async (maxWorkers: number = 5): Promise<ScanResult | null> => {
    if (!credentials) {
      setError('AWS credentials not set')
      return null
    }
    setIsScanning(true)
    setError(null)
    try {
      const result = await awsResourceService.scanResources(credentials.accessKeyId, credentials.secretAccessKey, maxWorkers)
      setScanResult(result)
      setFilteredResources(result.resources)
      setSelectedResources(new Set())
      return result
    } catch (err) {
      setError(err instanceof Error ? err.message : 'Scan failed')
      return null
    } finally {
      setIsScanning(false)
    }
  }, [credentials])

  const filter = useCallback(async (filters: FilterOptions): Promise<void> => {
    if (!scanResult) return
    setIsFiltering(true)
    setError(null)
    try {
      setFilteredResources(await awsResourceService.filterResources(scanResult.resources, filters))
    } catch (err) {
      setError(err instanceof Error ? err.message : 'Filter failed')
    } finally {
      setIsFiltering(false)
    }
  }, [scanResult])

  const clearFilters = useCallback(() => {
    if (scanResult) setFilteredResources(scanResult.resources)
  }, [scanResult])

  const selectResources = useCallback((ids: string[]) => setSelectedResources(new Set(ids)), [])

  const toggleResourceSelection = useCallback((id: string) => {
    setSelectedResources((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }, [])

  const clearSelection = useCallback(() => setSelectedResources(new Set()), [])

  const performAction = useCallback(async (
    resourceId: string, resourceType: string, region: string, action: 'stop' | 'delete',
  ): Promise<ActionResult | null> => {
    if (!credentials) return null
    setIsPerformingAction(true)
    setError(null)
    try {
      return await awsResourceService.performAction(credentials.accessKeyId, credentials.secretAccessKey, resourceId, resourceType, region, action)
    } catch (err) {
      setError(err instanceof Error ? err.message : 'Action failed')
      return null
    } finally {
      setIsPerformingAction(false)
    }
  }, [credentials])

  const performBulkAction = useCallback(async (action: 'stop' | 'delete'): Promise<BulkActionResult | null> => {
    if (!credentials || !scanResult) return null
    setIsPerformingAction(true)
    setError(null)
    try {
      const actions = scanResult.resources
        .filter((r) => selectedResources.has(r.resource_id))
        .map((r) => ({ resource_id: r.resource_id, resource_type: r.resource_type, region: r.region, action }))
      return await awsResourceService.performBulkAction(credentials.accessKeyId, credentials.secretAccessKey, actions)
    } catch (err) {
      setError(err instanceof Error ? err.message : 'Bulk action failed')
      return null
    } finally {
      setIsPerformingAction(false)
    }
  }, [credentials, scanResult, selectedResources])

  return {
    credentials, setCredentials, isScanning, isFiltering, isPerformingAction, scanResult, filteredResources, selectedResources, error,
    scan, filter, clearFilters, selectResources, toggleResourceSelection, clearSelection, performAction, performBulkAction,
    getTotalCost: () => scanResult?.cost_summary.estimated_monthly_total ?? 0,
    getResourceCount: () => scanResult?.summary.total_resources ?? 0,
    getRegionCount: () => scanResult?.regions_scanned.length ?? 0,
    getResourcesByType: () => scanResult?.summary.by_type ?? {},
    getCostByType: () => scanResult?.cost_summary.by_resource_type ?? {},
    getSavingsOpportunities: () => (scanResult ? AWSResourceService.calculateSavings(scanResult.resources) : null),
  }
}
