import { Tracker } from './tracker.js';
import type { Resource, ScanResult, Schemas } from './types.js';
export type ResourceMetadata = Resource;
export type ActionResult = Schemas['ActionResult'];
export type BulkActionResult = Schemas['BulkActionResult'];
export type Action = 'stop' | 'delete' | 'terminate';
/** FilterOptions must all hold, each exactly. An empty one holds for everything. */
export interface FilterOptions {
    resource_type?: string;
    region?: string;
    state?: string;
    tags?: Record<string, string>;
}
/** BulkAction is one change of several. */
export interface BulkAction {
    resource_id: string;
    resource_type: string;
    region: string;
    action: Action;
}
export interface ResourceStats {
    totalResources: number;
    /** Dollars a month of the resources whose cost is known. */
    totalCost: number;
    regionsScanned: number;
    resourcesByType: Record<string, number>;
    costByType: Record<string, number>;
    errorCount: number;
}
export interface UnusedResources {
    stopped_instances: ResourceMetadata[];
    unassociated_ips: ResourceMetadata[];
    available_volumes: ResourceMetadata[];
}
export interface Savings {
    unassociatedIpSavings: number;
    unusedVolumeSavings: number;
    totalMonthly: number;
    totalAnnual: number;
}
/** AWSResourceService is the class of the earlier service's front end. New code uses Tracker. */
export declare class AWSResourceService {
    readonly tracker: Tracker;
    /** baseURL may end with /api/v1, as it did. */
    constructor(baseURL?: string, apiKey?: string | undefined);
    healthCheck(): Promise<Schemas['Health']>;
    /** scanResources waits for the scan however long it takes. A scan that could see nothing at all rejects. */
    scanResources(accessKeyId: string, secretAccessKey: string, maxWorkers?: number): Promise<ScanResult>;
    /** filterResources filters here: there is no need to send an inventory to the server and back. */
    filterResources(resources: ResourceMetadata[], filters: FilterOptions): Promise<ResourceMetadata[]>;
    /** performAction resolves for a refused change too: success is false, and error says why. */
    performAction(accessKeyId: string, secretAccessKey: string, resourceId: string, resourceType: string, region: string, action: Action): Promise<ActionResult>;
    /** performBulkAction answers each change with its own result. success says whether all of them succeeded. */
    performBulkAction(accessKeyId: string, secretAccessKey: string, actions: BulkAction[]): Promise<BulkActionResult>;
    getDocumentation(): Promise<Record<string, unknown>>;
    static getResourceStats(result: ScanResult): ResourceStats;
    static findUnusedResources(resources: ResourceMetadata[]): UnusedResources;
    /** calculateSavings sums what unused addresses and volumes cost, each by its own price. An unknown cost counts as none. */
    static calculateSavings(resources: ResourceMetadata[]): Savings;
}
/** awsResourceService is the one instance that the earlier front end shared. */
export declare const awsResourceService: AWSResourceService;
