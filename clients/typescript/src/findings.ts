import { type CallOptions, type Http, path } from './http.js'
import { Pages } from './pages.js'
import type { Body, LiveFinding, PlanAnswer, Query, Schemas } from './types.js'

/** LiveFindings are those of all accounts, kept over scans: since when, and what became of them. */
export class LiveFindings {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  list(query: Omit<Query<'list-live-findings'>, 'cursor' | 'format' | 'group_by'> = {}, options?: CallOptions): Pages<Schemas['LiveFindingsAnswer'], LiveFinding> {
    return new Pages((cursor) => this.page({ ...query, cursor }, options), (page: Schemas['LiveFindingsAnswer']) => page.findings)
  }

  /** page is one page of the list, for who keeps the cursor. */
  page(query: Omit<Query<'list-live-findings'>, 'format' | 'group_by'> = {}, options?: CallOptions): Promise<Schemas['LiveFindingsAnswer']> {
    return this.#http.get('/api/v1/findings', query, options)
  }

  /** sums are in groups, what saves most first, and in summary over all. */
  sums(group_by: string, query: Omit<Query<'list-live-findings'>, 'cursor' | 'format' | 'group_by' | 'limit'> = {}, options?: CallOptions): Promise<Schemas['LiveFindingsAnswer']> {
    return this.#http.get('/api/v1/findings', { ...query, group_by }, options)
  }

  /** acknowledge says why a finding stays as it is. */
  async acknowledge(id: string, body: Body<'acknowledge-finding'>, options?: CallOptions): Promise<LiveFinding> {
    return (await this.#http.json<Schemas['LiveFindingAnswer']>('POST', path`/api/v1/findings/${id}/acknowledgement`, { ...options, body })).finding
  }

  unacknowledge(id: string, options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', path`/api/v1/findings/${id}/acknowledgement`, options)
  }

  /** plan plans the repair of open findings of one account. It changes nothing yet. */
  plan(body: Body<'plan-live-findings'>, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.json('POST', '/api/v1/findings/plan', { ...options, body, once: true })
  }
}
