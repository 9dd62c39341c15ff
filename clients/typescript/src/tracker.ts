import { Accounts } from './accounts.js'
import { TrackerError } from './errors.js'
import { LiveFindings } from './findings.js'
import type { FollowOptions } from './follow.js'
import { type CallOptions, Http, path, type TrackerOptions } from './http.js'
import { Inventory } from './inventory.js'
import { type FindingQuery, Jobs, type ResourceQuery, type WaitOptions } from './jobs.js'
import { Pages } from './pages.js'
import { Keys, Sessions, Tenants } from './people.js'
import { Plans } from './plans.js'
import { Schedules } from './schedules.js'
import type { Accepted, AuditEvent, Body, Finding, Job, JobEvent, PlanAnswer, Query, Resource, ScanRequest, Schemas } from './types.js'
import { Trends } from './trends.js'
import { Webhooks } from './webhooks.js'

/**
 * Tracker is a client of one server.
 *
 *     const tracker = new Tracker({ url: 'https://tracker.example.com', key })
 *     const { job_id } = await tracker.scan({ access_key_id, secret_access_key })
 *     const job = await tracker.waitForJob(job_id)
 *     for await (const volume of tracker.resources(job_id, { filter: 'type:EBS_Volume state:available' })) …
 */
export class Tracker {
  readonly inventory: Inventory
  readonly jobs: Jobs
  readonly plans: Plans
  readonly schedules: Schedules
  readonly accounts: Accounts
  readonly keys: Keys
  readonly sessions: Sessions
  readonly tenants: Tenants
  readonly trends: Trends
  readonly liveFindings: LiveFindings
  readonly webhooks: Webhooks
  readonly #http: Http

  constructor(options: TrackerOptions) {
    const http = new Http(options)
    this.#http = http
    this.inventory = new Inventory(http)
    this.jobs = new Jobs(http)
    this.plans = new Plans(http)
    this.schedules = new Schedules(http)
    this.accounts = new Accounts(http)
    this.keys = new Keys(http)
    this.sessions = new Sessions(http)
    this.tenants = new Tenants(http)
    this.trends = new Trends(http)
    this.liveFindings = new LiveFindings(http)
    this.webhooks = new Webhooks(http)
  }

  /** scan starts one and answers at once. */
  scan(request: ScanRequest, options?: CallOptions): Promise<Accepted> {
    // Where the server is set to wait, it would answer the result in place of the job.
    return this.#http.json('POST', '/api/v1/scan', { ...options, query: { wait: 0 }, body: request, once: true })
  }

  waitForJob(id: string, options?: WaitOptions<Job>): Promise<Job> {
    return this.jobs.wait(id, options)
  }

  waitForPlan(id: string, options?: WaitOptions<PlanAnswer>): Promise<PlanAnswer> {
    return this.plans.wait(id, options)
  }

  follow(jobId: string, options?: FollowOptions): AsyncGenerator<JobEvent> {
    return this.jobs.follow(jobId, options)
  }

  /** resources are those of a job. */
  resources(jobId: string, query?: ResourceQuery, options?: CallOptions): Pages<Schemas['ResourcesAnswer'], Resource> {
    return this.jobs.resources(jobId, query, options)
  }

  /** latestResources are those of your newest finished scan. */
  latestResources(query: ResourceQuery = {}, options?: CallOptions): Pages<Schemas['ResourcesAnswer'], Resource> {
    return new Pages(
      (cursor) => this.#http.get('/api/v1/resources', { ...query, cursor }, options),
      (page: Schemas['ResourcesAnswer']) => page.resources,
    )
  }

  findings(jobId: string, query?: FindingQuery, options?: CallOptions): Pages<Schemas['FindingsAnswer'], Finding> {
    return this.jobs.findings(jobId, query, options)
  }

  /** act plans and applies one change in one request; with dry_run it only plans. A refused change is a result, not an error. */
  async act(body: Body<'act'>, query: Query<'act'> = {}, options?: CallOptions): Promise<Schemas['ActionResult'] | PlanAnswer> {
    try {
      return await this.#http.json('POST', '/api/v1/resources/action', { ...options, query, body, once: true })
    } catch (error) {
      const result: unknown = error instanceof TrackerError && error.status === 400 ? error.problem : undefined
      if (result !== undefined && 'verification_status' in (result as object)) return result as Schemas['ActionResult']
      throw error
    }
  }

  actInBulk(body: Body<'act-in-bulk'>, query: Query<'act-in-bulk'> = {}, options?: CallOptions): Promise<Schemas['BulkActionResult'] | PlanAnswer> {
    return this.#http.json('POST', '/api/v1/resources/bulk-action', { ...options, query, body, once: true })
  }

  /** checkAccess starts a job that tells what a scan of the same request would be denied. */
  checkAccess(request: Body<'check-access'>, options?: CallOptions): Promise<Accepted> {
    return this.#http.json('POST', '/api/v1/access-check', { ...options, query: { wait: 0 }, body: request, once: true })
  }

  accessReport(id: string, options?: CallOptions): Promise<Schemas['AccessReport']> {
    return this.#http.get(path`/api/v1/access-check/${id}`, undefined, options)
  }

  /** audit begins with the oldest line. */
  audit(query: Omit<Query<'read-audit'>, 'after' | 'before' | 'order' | 'format'> = {}, options?: CallOptions): Pages<Schemas['AuditAnswer'], AuditEvent> {
    return new Pages(
      (after) => this.auditPage({ ...query, after }, options),
      (page: Schemas['AuditAnswer']) => page.events,
      (page) => page.next_after,
    )
  }

  /** auditPage is one page of the audit, from either end, for who keeps the cursor. */
  auditPage(query: Omit<Query<'read-audit'>, 'format'> = {}, options?: CallOptions): Promise<Schemas['AuditAnswer']> {
    return this.#http.get('/api/v1/audit', query, options)
  }

  verifyAudit(query: Query<'verify-audit'> = {}, options?: CallOptions): Promise<Schemas['VerifyAnswer']> {
    return this.#http.get('/api/v1/audit/verify', query, options)
  }

  whoami(options?: CallOptions): Promise<Schemas['WhoAnswer']> {
    return this.#http.get('/api/v1/whoami', undefined, options)
  }

  async quota(options?: CallOptions): Promise<Schemas['QuotaUse'][]> {
    return (await this.#http.get<Schemas['QuotaAnswer']>('/api/v1/quota', undefined, options)).quotas
  }

  types(options?: CallOptions): Promise<Schemas['TypesAnswer']> {
    return this.#http.get('/api/v1/types', undefined, options)
  }

  async actions(options?: CallOptions): Promise<Schemas['ActionInfo'][]> {
    return (await this.#http.get<Schemas['ActionsAnswer']>('/api/v1/actions', undefined, options)).actions
  }

  /** iamPolicies are what AWS has to allow for a scan of these types and for these actions, and nothing else. */
  async iamPolicies(query: Query<'read-policy'> = {}, options?: CallOptions): Promise<Record<string, unknown>[]> {
    return (await this.#http.get<Schemas['PoliciesAnswer']>('/api/v1/iam-policy', query, options)).policies as Record<string, unknown>[]
  }

  health(options?: CallOptions): Promise<Schemas['Health']> {
    return this.#http.get('/api/v1/health', undefined, options)
  }

  /** ready is answered 503 while a part of the server does not work. */
  ready(options?: CallOptions): Promise<Schemas['Readiness']> {
    return this.#http.get('/ready', undefined, options)
  }

  /** operations is how the service is: queues, workers, Redis and calls to AWS. It is for admins of the service. */
  async operations(options?: CallOptions): Promise<Schemas['Operations']> {
    return (await this.#http.get<Schemas['OperationsAnswer']>('/api/v1/operations', undefined, options)).operations
  }

  /** documentation is the list of endpoints that clients of the earlier service know. */
  documentation(options?: CallOptions): Promise<Record<string, unknown>> {
    return this.#http.get('/api/v1/docs', undefined, options)
  }
}
