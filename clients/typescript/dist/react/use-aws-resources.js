import { useCallback, useState } from 'react';
import { AWSResourceService, awsResourceService, } from '../aws-resources.js';
/** useAWSResources is the hook of the earlier service's front end. New code uses useScan. */
export function useAWSResources(service = awsResourceService) {
    const [credentials, setCredentials] = useState(null);
    const [busy, setBusy] = useState(null);
    const [error, setError] = useState(null);
    const [scanResult, setScanResult] = useState(null);
    const [filteredResources, setFiltered] = useState([]);
    const [selectedResources, setSelected] = useState([]);
    const attempt = useCallback(async (what, work) => {
        setBusy(what);
        setError(null);
        try {
            return await work();
        }
        catch (cause) {
            setError(cause instanceof Error ? cause : new Error(String(cause)));
            return null;
        }
        finally {
            setBusy(null);
        }
    }, []);
    const show = useCallback((resources) => {
        setFiltered(resources);
        setSelected((selected) => selected.filter((s) => resources.some((r) => isSame(r, s))));
    }, []);
    const keys = () => {
        if (credentials === null)
            throw new Error('AWS credentials are missing');
        return credentials;
    };
    const stats = scanResult && AWSResourceService.getResourceStats(scanResult);
    return {
        credentials, setCredentials, error, scanResult, filteredResources, selectedResources,
        isScanning: busy === 'scan', isFiltering: busy === 'filter', isPerformingAction: busy === 'action',
        scan: (maxWorkers) => attempt('scan', async () => {
            const result = await service.scanResources(keys().accessKeyId, keys().secretAccessKey, maxWorkers);
            setScanResult(result);
            show(result.resources);
            return result;
        }),
        filter: async (filters) => {
            await attempt('filter', async () => show(await service.filterResources(scanResult?.resources ?? [], filters)));
        },
        clearFilters: () => show(scanResult?.resources ?? []),
        selectResources: setSelected,
        toggleResourceSelection: (resource) => setSelected((selected) => selected.some((s) => isSame(s, resource)) ? selected.filter((s) => !isSame(s, resource)) : [...selected, resource]),
        clearSelection: () => setSelected([]),
        performAction: (r, action) => attempt('action', () => service.performAction(keys().accessKeyId, keys().secretAccessKey, r.resource_id, r.resource_type, r.region, action)),
        performBulkAction: (action) => attempt('action', () => {
            const actions = selectedResources.map(({ resource_id, resource_type, region }) => ({ resource_id, resource_type, region, action }));
            return service.performBulkAction(keys().accessKeyId, keys().secretAccessKey, actions);
        }),
        getTotalCost: () => stats?.totalCost ?? 0,
        getResourceCount: () => stats?.totalResources ?? 0,
        getRegionCount: () => stats?.regionsScanned ?? 0,
        getResourcesByType: () => stats?.resourcesByType ?? {},
        getCostByType: () => stats?.costByType ?? {},
        getSavingsOpportunities: () => scanResult && AWSResourceService.calculateSavings(scanResult.resources),
    };
}
/** isSame compares by the four that name a resource: an ID alone may be in two regions. */
const isSame = (a, b) => a.resource_id === b.resource_id && a.resource_type === b.resource_type && a.region === b.region && a.account_id === b.account_id;
