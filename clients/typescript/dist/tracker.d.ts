import { Accounts } from './accounts.js';
import type { FollowOptions } from './follow.js';
import { type CallOptions, type TrackerOptions } from './http.js';
import { type FindingQuery, Jobs, type ResourceQuery, type WaitOptions } from './jobs.js';
import { Pages } from './pages.js';
import { Keys, Sessions, Tenants } from './people.js';
import { Plans } from './plans.js';
import { Schedules } from './schedules.js';
import type { Accepted, AuditEvent, Body, Finding, Job, JobEvent, PlanAnswer, Query, Resource, ScanRequest, Schemas } from './types.js';
import { Webhooks } from './webhooks.js';
/**
 * Tracker is a client of one server.
 *
 *     const tracker = new Tracker({ url: 'https://tracker.example.com', key })
 *     const { job_id } = await tracker.scan({ access_key_id, secret_access_key })
 *     const job = await tracker.waitForJob(job_id)
 *     for await (const volume of tracker.resources(job_id, { filter: 'type:EBS_Volume state:available' })) …
 */
export declare class Tracker {
    #private;
    readonly jobs: Jobs;
    readonly plans: Plans;
    readonly schedules: Schedules;
    readonly accounts: Accounts;
    readonly keys: Keys;
    readonly sessions: Sessions;
    readonly tenants: Tenants;
    readonly webhooks: Webhooks;
    constructor(options: TrackerOptions);
    /** scan starts one and answers at once. */
    scan(request: ScanRequest, options?: CallOptions): Promise<Accepted>;
    waitForJob(id: string, options?: WaitOptions<Job>): Promise<Job>;
    waitForPlan(id: string, options?: WaitOptions<PlanAnswer>): Promise<PlanAnswer>;
    follow(jobId: string, options?: FollowOptions): AsyncGenerator<JobEvent>;
    /** resources are those of a job. */
    resources(jobId: string, query?: ResourceQuery, options?: CallOptions): Pages<Schemas['ResourcesAnswer'], Resource>;
    /** latestResources are those of your newest finished scan. */
    latestResources(query?: ResourceQuery, options?: CallOptions): Pages<Schemas['ResourcesAnswer'], Resource>;
    findings(jobId: string, query?: FindingQuery, options?: CallOptions): Pages<Schemas['FindingsAnswer'], Finding>;
    /** act plans and applies one change in one request; with dry_run it only plans. A refused change is a result, not an error. */
    act(body: Body<'act'>, query?: Query<'act'>, options?: CallOptions): Promise<Schemas['ActionResult'] | PlanAnswer>;
    actInBulk(body: Body<'act-in-bulk'>, query?: Query<'act-in-bulk'>, options?: CallOptions): Promise<Schemas['BulkActionResult'] | PlanAnswer>;
    /** checkAccess starts a job that tells what a scan of the same request would be denied. */
    checkAccess(request: Body<'check-access'>, options?: CallOptions): Promise<Accepted>;
    accessReport(id: string, options?: CallOptions): Promise<Schemas['AccessReport']>;
    audit(query?: Omit<Query<'read-audit'>, 'after' | 'format'>, options?: CallOptions): Pages<Schemas['AuditAnswer'], AuditEvent>;
    verifyAudit(query?: Query<'verify-audit'>, options?: CallOptions): Promise<Schemas['VerifyAnswer']>;
    whoami(options?: CallOptions): Promise<Schemas['WhoAnswer']>;
    quota(options?: CallOptions): Promise<Schemas['QuotaUse'][]>;
    types(options?: CallOptions): Promise<Schemas['TypesAnswer']>;
    actions(options?: CallOptions): Promise<Schemas['ActionInfo'][]>;
    health(options?: CallOptions): Promise<Schemas['Health']>;
    /** ready is answered 503 while a part of the server does not work. */
    ready(options?: CallOptions): Promise<Schemas['Readiness']>;
    /** documentation is the list of endpoints that clients of the earlier service know. */
    documentation(options?: CallOptions): Promise<Record<string, unknown>>;
}
