import { follow, type FollowOptions } from './follow.js'
import { type CallOptions, type Http, path, patiently, sleep } from './http.js'
import type { WaitOptions } from './jobs.js'
import { Pages } from './pages.js'
import { type Body, type Credentials, isMoving, type Plan, type PlanAnswer, type PlanEvent, type PlanItem, type PlanRequest, type Query } from './types.js'

/** Seen is a plan that somebody has looked at: its digest says which one exactly. */
export type Seen = Pick<Plan, 'plan_id' | 'digest'>

/** Plans are changes that are looked at first, and then carried out as they were looked at. */
export class Plans {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  /** create looks at the resources and changes nothing, unless the request says apply. Wait for the look by wait. */
  create(request: PlanRequest, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.json('POST', '/api/v1/plans', { ...options, body: request, once: true })
  }

  list(query: Omit<Query<'list-plans'>, 'cursor'> = {}, options?: CallOptions): Pages<{ plans: Plan[] }, Plan> {
    return new Pages((cursor) => this.page({ ...query, cursor }, options), (page: { plans: Plan[] }) => page.plans)
  }

  /** page is one page of the list, for who keeps the cursor. */
  page(query: Query<'list-plans'> = {}, options?: CallOptions): Promise<{ plans: Plan[]; next_cursor?: string }> {
    return this.#http.get('/api/v1/plans', query, options)
  }

  get(id: string, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.get(path`/api/v1/plans/${id}`, undefined, options)
  }

  items(id: string, query: Omit<Query<'get-plan'>, 'cursor'> = {}, options?: CallOptions): Pages<PlanAnswer, PlanItem> {
    return new Pages((cursor) => this.itemsPage(id, { ...query, cursor }, options), (page: PlanAnswer) => page.items)
  }

  /** itemsPage is the plan with one page of its items, for who keeps the cursor. */
  itemsPage(id: string, query: Query<'get-plan'> = {}, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.get(path`/api/v1/plans/${id}`, query, options)
  }

  /** wait looks again and again until the plan does not go on by itself: it was looked at, is held, or has ended. */
  async wait(id: string, options: WaitOptions<PlanAnswer> = {}): Promise<PlanAnswer> {
    for (;;) {
      const answer = await patiently(() => this.get(id, options), options.signal)
      options.onLook?.(answer)
      if (!isMoving(answer.plan.state)) return answer
      await sleep(options.every ?? 1000, options.signal)
    }
  }

  /** follow yields what happens, and goes on through lost connections and restarts of the server. */
  follow(id: string, options?: FollowOptions): AsyncGenerator<PlanEvent> {
    return follow<PlanEvent>(this.#http, path`/api/v1/plans/${id}/events`, options)
  }

  /** approve agrees to a plan of somebody else. */
  approve(plan: Seen, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.json('POST', path`/api/v1/plans/${plan.plan_id}/approve`, { ...options, body: { digest: plan.digest } })
  }

  /** apply carries out exactly the plan that was looked at. */
  apply(plan: Seen, body: Omit<Body<'apply-plan'>, 'digest'> = {}, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.json('POST', path`/api/v1/plans/${plan.plan_id}/apply`, { ...options, body: { ...body, digest: plan.digest }, once: true })
  }

  /** resume goes on with a plan that the breaker holds. */
  resume(id: string, credentials: Credentials = {}, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.json('POST', path`/api/v1/plans/${id}/resume`, { ...options, body: credentials, once: true })
  }

  cancel(id: string, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.json('POST', path`/api/v1/plans/${id}/cancel`, options)
  }

  /** undo makes a plan of the inverses of what was verified. It needs credentials anew. */
  undo(id: string, body: Body<'undo-plan'> = {}, options?: CallOptions): Promise<PlanAnswer> {
    return this.#http.json('POST', path`/api/v1/plans/${id}/undo`, { ...options, body, once: true })
  }

  /** report is the report on a plan in a format, to be streamed: its body is not read yet. */
  report(id: string, format: NonNullable<Query<'report-plan'>['format']> = 'json', options?: CallOptions): Promise<Response> {
    return this.#http.open('GET', path`/api/v1/plans/${id}/report`, { ...options, query: { format }, headers: { Accept: '*/*' } })
  }
}
