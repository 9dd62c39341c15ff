import { follow, type FollowOptions } from './follow.js'
import { type CallOptions, type Http, path, patiently, sleep } from './http.js'
import { Pages } from './pages.js'
import {
  type Accepted, type Body, type Costs, type Coverage, type Credentials, type Finding, hasEnded, type Job, type JobEvent, type ListedJob,
  type PlanAnswer, type Query, type Resource, type ScanResult, type Schemas,
} from './types.js'

export interface WaitOptions<T> extends CallOptions {
  /** Milliseconds between two looks. 1,000 if not told. */
  every?: number
  /** Sees each look. */
  onLook?: (now: T) => void
}

export type ResourceQuery = Omit<Query<'list-job-resources'>, 'cursor' | 'format'>
export type FindingQuery = Omit<Query<'list-findings'>, 'cursor' | 'format'>

/** Jobs are scans and access checks, and what they have found. */
export class Jobs {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  /** list begins with the newest. */
  list(query: Omit<Query<'list-jobs'>, 'cursor'> = {}, options?: CallOptions): Pages<Schemas['JobsAnswer'], ListedJob> {
    return new Pages((cursor) => this.page({ ...query, cursor }, options), (page: Schemas['JobsAnswer']) => page.jobs)
  }

  /** page is one page of the list, for who keeps the cursor. */
  page(query: Query<'list-jobs'> = {}, options?: CallOptions): Promise<Schemas['JobsAnswer']> {
    return this.#http.get('/api/v1/jobs', query, options)
  }

  get(id: string, options?: CallOptions): Promise<Job> {
    return this.#http.get(path`/api/v1/jobs/${id}`, undefined, options)
  }

  /** wait looks again and again until the job has ended, however it ended. Restarts of the server do not end it. */
  async wait(id: string, options: WaitOptions<Job> = {}): Promise<Job> {
    for (;;) {
      const job = await patiently(() => this.get(id, options), options.signal)
      options.onLook?.(job)
      if (hasEnded(job.state)) return job
      await sleep(options.every ?? 1000, options.signal)
    }
  }

  /** follow yields what happens, and goes on through lost connections and restarts of the server. */
  follow(id: string, options?: FollowOptions): AsyncGenerator<JobEvent> {
    return follow<JobEvent>(this.#http, path`/api/v1/jobs/${id}/events`, options)
  }

  cancel(id: string, options?: CallOptions): Promise<Job> {
    return this.#http.json('DELETE', path`/api/v1/jobs/${id}`, options)
  }

  /** retry runs again what did not succeed. It needs credentials anew: those of the scan are deleted. */
  retry(id: string, credentials: Credentials, options?: CallOptions): Promise<Accepted> {
    return this.#http.json('POST', path`/api/v1/jobs/${id}/retry`, { ...options, body: credentials })
  }

  resources(id: string, query: ResourceQuery = {}, options?: CallOptions): Pages<Schemas['ResourcesAnswer'], Resource> {
    return new Pages(
      (cursor) => this.#http.get(path`/api/v1/jobs/${id}/resources`, { ...query, cursor }, options),
      (page: Schemas['ResourcesAnswer']) => page.resources,
    )
  }

  relations(id: string, key: string, options?: CallOptions): Promise<Schemas['RelationsAnswer']> {
    return this.#http.get(path`/api/v1/jobs/${id}/resources/${key}/relations`, undefined, options)
  }

  /** result is the whole of a scan as one document. */
  result(id: string, query: { partial?: boolean } = {}, options?: CallOptions): Promise<ScanResult> {
    return this.#http.json('GET', path`/api/v1/jobs/${id}/result`, { ...options, query, timeout: 600_000 })
  }

  /** download is the result in a format, to be streamed: its body is not read yet. */
  download(id: string, format: NonNullable<Query<'get-result'>['format']>, options?: CallOptions): Promise<Response> {
    return this.#http.open('GET', path`/api/v1/jobs/${id}/result`, { ...options, query: { format }, headers: { Accept: '*/*' } })
  }

  /** coverage names what could not be seen, and why. */
  coverage(id: string, query: Query<'get-coverage'> = {}, options?: CallOptions): Promise<Coverage> {
    return this.#http.get(path`/api/v1/jobs/${id}/coverage`, query, options)
  }

  costs(id: string, query: Query<'get-costs'> = {}, options?: CallOptions): Promise<Costs> {
    return this.#http.get(path`/api/v1/jobs/${id}/costs`, query, options)
  }

  findings(id: string, query: FindingQuery = {}, options?: CallOptions): Pages<Schemas['FindingsAnswer'], Finding> {
    return new Pages(
      (cursor) => this.#http.get(path`/api/v1/jobs/${id}/findings`, { ...query, cursor }, options),
      (page: Schemas['FindingsAnswer']) => page.findings,
    )
  }

  /** planFindings plans the repair of the counted findings of a rule. It changes nothing yet. */
  planFindings(id: string, rule: string, body: Body<'plan-findings'> = {}, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.json('POST', path`/api/v1/jobs/${id}/findings/${rule}/plan`, { ...options, body, once: true })
  }

  compliance(id: string, policy: Body<'post-compliance'>, options?: CallOptions): Promise<Schemas['ComplianceAnswer']> {
    return this.#http.json('POST', path`/api/v1/jobs/${id}/compliance`, { ...options, body: policy })
  }
}
