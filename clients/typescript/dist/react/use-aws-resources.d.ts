import { type Action, type ActionResult, AWSResourceService, type BulkActionResult, type FilterOptions, type ResourceMetadata, type Savings } from '../aws-resources.js';
import type { ScanResult } from '../types.js';
export interface AWSCredentials {
    accessKeyId: string;
    secretAccessKey: string;
}
export interface UseAWSResources {
    /** In this component's memory alone, and gone with it. */
    credentials: AWSCredentials | null;
    setCredentials: (credentials: AWSCredentials | null) => void;
    isScanning: boolean;
    isFiltering: boolean;
    isPerformingAction: boolean;
    /** Why the last call failed; null once one succeeds. */
    error: Error | null;
    scanResult: ScanResult | null;
    filteredResources: ResourceMetadata[];
    /** Only resources that are shown: filtering drops the others. */
    selectedResources: ResourceMetadata[];
    scan: (maxWorkers?: number) => Promise<ScanResult | null>;
    filter: (filters: FilterOptions) => Promise<void>;
    clearFilters: () => void;
    selectResources: (resources: ResourceMetadata[]) => void;
    toggleResourceSelection: (resource: ResourceMetadata) => void;
    clearSelection: () => void;
    performAction: (resource: ResourceMetadata, action: Action) => Promise<ActionResult | null>;
    /** Carries out one action on what is selected. */
    performBulkAction: (action: Action) => Promise<BulkActionResult | null>;
    getTotalCost: () => number;
    getResourceCount: () => number;
    getRegionCount: () => number;
    getResourcesByType: () => Record<string, number>;
    getCostByType: () => Record<string, number>;
    getSavingsOpportunities: () => Savings | null;
}
/** useAWSResources is the hook of the earlier service's front end. New code uses useScan. */
export declare function useAWSResources(service?: AWSResourceService): UseAWSResources;
