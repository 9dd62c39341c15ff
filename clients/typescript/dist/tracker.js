import { Accounts } from './accounts.js';
import { TrackerError } from './errors.js';
import { Http, path } from './http.js';
import { Jobs } from './jobs.js';
import { Pages } from './pages.js';
import { Keys, Sessions, Tenants } from './people.js';
import { Plans } from './plans.js';
import { Schedules } from './schedules.js';
import { Webhooks } from './webhooks.js';
/**
 * Tracker is a client of one server.
 *
 *     const tracker = new Tracker({ url: 'https://tracker.example.com', key })
 *     const { job_id } = await tracker.scan({ access_key_id, secret_access_key })
 *     const job = await tracker.waitForJob(job_id)
 *     for await (const volume of tracker.resources(job_id, { filter: 'type:EBS_Volume state:available' })) …
 */
export class Tracker {
    jobs;
    plans;
    schedules;
    accounts;
    keys;
    sessions;
    tenants;
    webhooks;
    #http;
    constructor(options) {
        const http = new Http(options);
        this.#http = http;
        this.jobs = new Jobs(http);
        this.plans = new Plans(http);
        this.schedules = new Schedules(http);
        this.accounts = new Accounts(http);
        this.keys = new Keys(http);
        this.sessions = new Sessions(http);
        this.tenants = new Tenants(http);
        this.webhooks = new Webhooks(http);
    }
    /** scan starts one and answers at once. */
    scan(request, options) {
        // Where the server is set to wait, it would answer the result in place of the job.
        return this.#http.json('POST', '/api/v1/scan', { ...options, query: { wait: 0 }, body: request, once: true });
    }
    waitForJob(id, options) {
        return this.jobs.wait(id, options);
    }
    waitForPlan(id, options) {
        return this.plans.wait(id, options);
    }
    follow(jobId, options) {
        return this.jobs.follow(jobId, options);
    }
    /** resources are those of a job. */
    resources(jobId, query, options) {
        return this.jobs.resources(jobId, query, options);
    }
    /** latestResources are those of your newest finished scan. */
    latestResources(query = {}, options) {
        return new Pages((cursor) => this.#http.get('/api/v1/resources', { ...query, cursor }, options), (page) => page.resources);
    }
    findings(jobId, query, options) {
        return this.jobs.findings(jobId, query, options);
    }
    /** act plans and applies one change in one request; with dry_run it only plans. A refused change is a result, not an error. */
    async act(body, query = {}, options) {
        try {
            return await this.#http.json('POST', '/api/v1/resources/action', { ...options, query, body, once: true });
        }
        catch (error) {
            const result = error instanceof TrackerError && error.status === 400 ? error.problem : undefined;
            if (result !== undefined && 'verification_status' in result)
                return result;
            throw error;
        }
    }
    actInBulk(body, query = {}, options) {
        return this.#http.json('POST', '/api/v1/resources/bulk-action', { ...options, query, body, once: true });
    }
    /** checkAccess starts a job that tells what a scan of the same request would be denied. */
    checkAccess(request, options) {
        return this.#http.json('POST', '/api/v1/access-check', { ...options, query: { wait: 0 }, body: request, once: true });
    }
    accessReport(id, options) {
        return this.#http.get(path `/api/v1/access-check/${id}`, undefined, options);
    }
    audit(query = {}, options) {
        return new Pages((after) => this.#http.get('/api/v1/audit', { ...query, after }, options), (page) => page.events, (page) => page.next_after);
    }
    verifyAudit(query = {}, options) {
        return this.#http.get('/api/v1/audit/verify', query, options);
    }
    whoami(options) {
        return this.#http.get('/api/v1/whoami', undefined, options);
    }
    async quota(options) {
        return (await this.#http.get('/api/v1/quota', undefined, options)).quotas;
    }
    types(options) {
        return this.#http.get('/api/v1/types', undefined, options);
    }
    async actions(options) {
        return (await this.#http.get('/api/v1/actions', undefined, options)).actions;
    }
    health(options) {
        return this.#http.get('/api/v1/health', undefined, options);
    }
    /** ready is answered 503 while a part of the server does not work. */
    ready(options) {
        return this.#http.get('/ready', undefined, options);
    }
    /** documentation is the list of endpoints that clients of the earlier service know. */
    documentation(options) {
        return this.#http.get('/api/v1/docs', undefined, options);
    }
}
