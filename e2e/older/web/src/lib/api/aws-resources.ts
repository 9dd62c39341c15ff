import axios, { type AxiosInstance } from 'axios'

export interface ResourceMetadata {
  resource_id: string
  resource_name: string | null
  resource_type: string
  region: string
  state: string
  creation_date: string | null
  tags: Record<string, string>
  estimated_cost_monthly: number | null
  metadata: Record<string, unknown>
}

export interface ScanResult {
  timestamp: string
  regions_scanned: string[]
  resources: ResourceMetadata[]
  errors: Array<{ type: string; message: string }>
  summary: {
    total_resources: number
    by_type: Record<string, number>
    by_region: Record<string, number>
    by_state: Record<string, number>
  }
  cost_summary: { estimated_monthly_total: number; by_resource_type: Record<string, number> }
}

export interface ActionResult {
  success: boolean
  resource_id: string
  resource_type: string
  action: string
  message: string
  verification_status: 'verified' | 'pending' | 'failed'
  error?: string
}

export interface BulkActionResult {
  success: boolean
  total_actions: number
  successful: number
  failed: number
  results: Array<{ resource_id: string; success: boolean; message: string }>
}

export interface FilterOptions {
  resource_type?: string
  region?: string
  state?: string
  tags?: Record<string, string>
}

const API_URL = import.meta.env.VITE_API_URL || 'http://localhost:5000/api/v1'
const API_KEY = import.meta.env.VITE_API_KEY || ''

export class AWSResourceService {
  private client: AxiosInstance

  constructor(baseURL: string = API_URL, apiKey: string = API_KEY) {
    this.client = axios.create({
      baseURL,
      timeout: 600000,
      headers: { 'Content-Type': 'application/json', 'X-API-Key': apiKey },
    })
  }

  async healthCheck(): Promise<{ status: string; timestamp: string; service: string; version: string }> {
    const response = await this.client.get('/health')
    return response.data
  }

  async scanResources(accessKeyId: string, secretAccessKey: string, maxWorkers: number = 5): Promise<ScanResult> {
    try {
      const response = await this.client.post('/scan', {
        access_key_id: accessKeyId,
        secret_access_key: secretAccessKey,
        max_workers: maxWorkers,
      })
      if (!response.data.success) {
        throw new Error(response.data.error || 'Scan failed')
      }
      return response.data.data
    } catch (error) {
      throw this.handleError(error, 'Failed to scan AWS resources')
    }
  }

  async filterResources(resources: ResourceMetadata[], filters: FilterOptions): Promise<ResourceMetadata[]> {
    try {
      const response = await this.client.post('/resources/filter', { resources, filters })
      if (!response.data.success) {
        throw new Error(response.data.error || 'Filter failed')
      }
      return response.data.resources
    } catch (error) {
      throw this.handleError(error, 'Failed to filter resources')
    }
  }

  async performAction(
    accessKeyId: string,
    secretAccessKey: string,
    resourceId: string,
    resourceType: string,
    region: string,
    action: 'stop' | 'delete',
  ): Promise<ActionResult> {
    try {
      const response = await this.client.post('/resources/action', {
        access_key_id: accessKeyId,
        secret_access_key: secretAccessKey,
        resource_id: resourceId,
        resource_type: resourceType,
        region,
        action,
      })
      return response.data
    } catch (error) {
      throw this.handleError(error, `Failed to ${action} resource`)
    }
  }

  async performBulkAction(
    accessKeyId: string,
    secretAccessKey: string,
    actions: Array<{ resource_id: string; resource_type: string; region: string; action: 'stop' | 'delete' }>,
  ): Promise<BulkActionResult> {
    try {
      const response = await this.client.post('/resources/bulk-action', {
        access_key_id: accessKeyId,
        secret_access_key: secretAccessKey,
        actions,
      })
      if (!response.data.success) {
        throw new Error(response.data.error || 'Bulk action failed')
      }
      return response.data
    } catch (error) {
      throw this.handleError(error, 'Failed to perform bulk action')
    }
  }

  async getDocumentation(): Promise<Record<string, unknown>> {
    const response = await this.client.get('/docs')
    return response.data
  }

  private handleError(error: unknown, fallback: string): Error {
    if (axios.isAxiosError(error)) {
      const data = error.response?.data as { error?: string; details?: string } | undefined
      return new Error(data?.error || error.message || fallback)
    }
    return error instanceof Error ? error : new Error(fallback)
  }

  static getResourceStats(scan: ScanResult) {
    return {
      totalResources: scan.summary.total_resources,
      totalCost: scan.cost_summary.estimated_monthly_total,
      regionsScanned: scan.regions_scanned.length,
      resourcesByType: scan.summary.by_type,
      costByType: scan.cost_summary.by_resource_type,
      errorCount: scan.errors.length,
    }
  }

  static findUnusedResources(resources: ResourceMetadata[]) {
    return {
      stopped_instances: resources.filter((r) => r.resource_type === 'EC2_Instance' && r.state === 'stopped'),
      unassociated_ips: resources.filter((r) => r.resource_type === 'Elastic_IP' && r.state === 'unassociated'),
      available_volumes: resources.filter((r) => r.resource_type === 'EBS_Volume' && r.state === 'available'),
    }
  }

  static calculateSavings(resources: ResourceMetadata[]) {
    const unused = AWSResourceService.findUnusedResources(resources)
    const unassociatedIpSavings = unused.unassociated_ips.length * 3.6
    const unusedVolumeSavings = unused.available_volumes.length * 10
    const totalMonthly = unassociatedIpSavings + unusedVolumeSavings
    return { unassociatedIpSavings, unusedVolumeSavings, totalMonthly, totalAnnual: totalMonthly * 12 }
  }
}

export const awsResourceService = new AWSResourceService()
