import { Tracker } from './tracker.js'
import type { Resource, ScanResult, Schemas } from './types.js'

// The class and the names that the earlier service's front end used, on the API as it is now.

export type ResourceMetadata = Resource
export type ActionResult = Schemas['ActionResult']
export type BulkActionResult = Schemas['BulkActionResult']
export type Action = 'stop' | 'delete' | 'terminate'

/** FilterOptions must all hold, each exactly. An empty one holds for everything. */
export interface FilterOptions {
  resource_type?: string
  region?: string
  state?: string
  tags?: Record<string, string>
}

/** BulkAction is one change of several. */
export interface BulkAction {
  resource_id: string
  resource_type: string
  region: string
  action: Action
}

export interface ResourceStats {
  totalResources: number
  /** Dollars a month of the resources whose cost is known. */
  totalCost: number
  regionsScanned: number
  resourcesByType: Record<string, number>
  costByType: Record<string, number>
  errorCount: number
}

export interface UnusedResources {
  stopped_instances: ResourceMetadata[]
  unassociated_ips: ResourceMetadata[]
  available_volumes: ResourceMetadata[]
}

export interface Savings {
  unassociatedIpSavings: number
  unusedVolumeSavings: number
  totalMonthly: number
  totalAnnual: number
}

/** The address that the earlier front end fell back to. */
const earlierURL = 'http://localhost:5000/api/v1'

/** AWSResourceService is the class of the earlier service's front end. New code uses Tracker. */
export class AWSResourceService {
  readonly tracker: Tracker

  /** baseURL may end with /api/v1, as it did. */
  constructor(baseURL: string = setting('VITE_API_URL') ?? earlierURL, apiKey: string | undefined = setting('VITE_API_KEY')) {
    this.tracker = new Tracker({ url: baseURL.replace(/\/+$/, '').replace(/\/api\/v1$/, ''), key: apiKey })
  }

  healthCheck(): Promise<Schemas['Health']> {
    return this.tracker.health()
  }

  /** scanResources waits for the scan however long it takes. A scan that could see nothing at all rejects. */
  async scanResources(accessKeyId: string, secretAccessKey: string, maxWorkers = 5): Promise<ScanResult> {
    const { job_id } = await this.tracker.scan({ access_key_id: accessKeyId, secret_access_key: secretAccessKey, max_workers: maxWorkers })
    await this.tracker.waitForJob(job_id)
    return this.tracker.jobs.result(job_id)
  }

  /** filterResources filters here: there is no need to send an inventory to the server and back. */
  async filterResources(resources: ResourceMetadata[], filters: FilterOptions): Promise<ResourceMetadata[]> {
    const { resource_type, region, state, tags } = filters
    return resources.filter((resource) =>
      (!resource_type || resource.resource_type === resource_type) &&
      (!region || resource.region === region) &&
      (!state || resource.state === state) &&
      Object.entries(tags ?? {}).every(([key, value]) => resource.tags[key] === value))
  }

  /** performAction resolves for a refused change too: success is false, and error says why. */
  async performAction(
    accessKeyId: string, secretAccessKey: string, resourceId: string, resourceType: string, region: string, action: Action,
  ): Promise<ActionResult> {
    const keys = { access_key_id: accessKeyId, secret_access_key: secretAccessKey }
    const change = { resource_id: resourceId, resource_type: resourceType, region, action }
    return (await this.tracker.act({ ...keys, ...change }, { wait: 60 })) as ActionResult
  }

  /** performBulkAction answers each change with its own result. success says whether all of them succeeded. */
  async performBulkAction(accessKeyId: string, secretAccessKey: string, actions: BulkAction[]): Promise<BulkActionResult> {
    const keys = { access_key_id: accessKeyId, secret_access_key: secretAccessKey }
    return (await this.tracker.actInBulk({ ...keys, actions }, { wait: 60 })) as BulkActionResult
  }

  getDocumentation(): Promise<Record<string, unknown>> {
    return this.tracker.documentation()
  }

  static getResourceStats(result: ScanResult): ResourceStats {
    return {
      totalResources: result.summary.total_resources,
      totalCost: result.cost_summary.estimated_monthly_total,
      regionsScanned: result.regions_scanned.length,
      resourcesByType: result.summary.by_type,
      costByType: result.cost_summary.by_resource_type,
      errorCount: result.errors.length,
    }
  }

  static findUnusedResources(resources: ResourceMetadata[]): UnusedResources {
    const of = (type: string, state: string) => resources.filter((r) => r.resource_type === type && r.state === state)
    return {
      stopped_instances: of('EC2_Instance', 'stopped'),
      unassociated_ips: of('Elastic_IP', 'unassociated'),
      available_volumes: of('EBS_Volume', 'available'),
    }
  }

  /** calculateSavings sums what unused addresses and volumes cost, each by its own price. An unknown cost counts as none. */
  static calculateSavings(resources: ResourceMetadata[]): Savings {
    const { unassociated_ips, available_volumes } = AWSResourceService.findUnusedResources(resources)
    const sum = (list: ResourceMetadata[]) => list.reduce((total, r) => total + (r.estimated_cost_monthly ?? 0), 0)
    const unassociatedIpSavings = sum(unassociated_ips)
    const unusedVolumeSavings = sum(available_volumes)
    const totalMonthly = unassociatedIpSavings + unusedVolumeSavings
    return { unassociatedIpSavings, unusedVolumeSavings, totalMonthly, totalAnnual: totalMonthly * 12 }
  }
}

/** setting is what Vite builds into a page. */
function setting(name: string): string | undefined {
  return ((import.meta as { env?: Record<string, string> }).env ?? {})[name] || undefined
}

/** awsResourceService is the one instance that the earlier front end shared. */
export const awsResourceService = /* @__PURE__ */ new AWSResourceService()
