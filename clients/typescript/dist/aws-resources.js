import { Tracker } from './tracker.js';
/** The address that the earlier front end fell back to. */
const earlierURL = 'http://localhost:5000/api/v1';
/** AWSResourceService is the class of the earlier service's front end. New code uses Tracker. */
export class AWSResourceService {
    tracker;
    /** baseURL may end with /api/v1, as it did. */
    constructor(baseURL = setting('VITE_API_URL') ?? earlierURL, apiKey = setting('VITE_API_KEY')) {
        this.tracker = new Tracker({ url: baseURL.replace(/\/+$/, '').replace(/\/api\/v1$/, ''), key: apiKey });
    }
    healthCheck() {
        return this.tracker.health();
    }
    /** scanResources waits for the scan however long it takes. A scan that could see nothing at all rejects. */
    async scanResources(accessKeyId, secretAccessKey, maxWorkers = 5) {
        const { job_id } = await this.tracker.scan({ access_key_id: accessKeyId, secret_access_key: secretAccessKey, max_workers: maxWorkers });
        await this.tracker.waitForJob(job_id);
        return this.tracker.jobs.result(job_id);
    }
    /** filterResources filters here: there is no need to send an inventory to the server and back. */
    async filterResources(resources, filters) {
        const { resource_type, region, state, tags } = filters;
        return resources.filter((resource) => (!resource_type || resource.resource_type === resource_type) &&
            (!region || resource.region === region) &&
            (!state || resource.state === state) &&
            Object.entries(tags ?? {}).every(([key, value]) => resource.tags[key] === value));
    }
    /** performAction resolves for a refused change too: success is false, and error says why. */
    async performAction(accessKeyId, secretAccessKey, resourceId, resourceType, region, action) {
        const keys = { access_key_id: accessKeyId, secret_access_key: secretAccessKey };
        const change = { resource_id: resourceId, resource_type: resourceType, region, action };
        return (await this.tracker.act({ ...keys, ...change }, { wait: 60 }));
    }
    /** performBulkAction answers each change with its own result. success says whether all of them succeeded. */
    async performBulkAction(accessKeyId, secretAccessKey, actions) {
        const keys = { access_key_id: accessKeyId, secret_access_key: secretAccessKey };
        return (await this.tracker.actInBulk({ ...keys, actions }, { wait: 60 }));
    }
    getDocumentation() {
        return this.tracker.documentation();
    }
    static getResourceStats(result) {
        return {
            totalResources: result.summary.total_resources,
            totalCost: result.cost_summary.estimated_monthly_total,
            regionsScanned: result.regions_scanned.length,
            resourcesByType: result.summary.by_type,
            costByType: result.cost_summary.by_resource_type,
            errorCount: result.errors.length,
        };
    }
    static findUnusedResources(resources) {
        const of = (type, state) => resources.filter((r) => r.resource_type === type && r.state === state);
        return {
            stopped_instances: of('EC2_Instance', 'stopped'),
            unassociated_ips: of('Elastic_IP', 'unassociated'),
            available_volumes: of('EBS_Volume', 'available'),
        };
    }
    /** calculateSavings sums what unused addresses and volumes cost, each by its own price. An unknown cost counts as none. */
    static calculateSavings(resources) {
        const { unassociated_ips, available_volumes } = AWSResourceService.findUnusedResources(resources);
        const sum = (list) => list.reduce((total, r) => total + (r.estimated_cost_monthly ?? 0), 0);
        const unassociatedIpSavings = sum(unassociated_ips);
        const unusedVolumeSavings = sum(available_volumes);
        const totalMonthly = unassociatedIpSavings + unusedVolumeSavings;
        return { unassociatedIpSavings, unusedVolumeSavings, totalMonthly, totalAnnual: totalMonthly * 12 };
    }
}
/** setting is what Vite builds into a page. */
function setting(name) {
    return (import.meta.env ?? {})[name] || undefined;
}
/** awsResourceService is the one instance that the earlier front end shared. */
export const awsResourceService = /* @__PURE__ */ new AWSResourceService();
