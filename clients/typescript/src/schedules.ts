import { type CallOptions, type Http, path } from './http.js'
import { Pages } from './pages.js'
import type { Accepted, Body, Query, Schedule, Schemas } from './types.js'

export type ScheduleRequest = Body<'add-schedule'>

/** Schedules start scans and plans again and again. */
export class Schedules {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  list(query: Omit<Query<'list-schedules'>, 'cursor'> = {}, options?: CallOptions): Pages<Schemas['SchedulesAnswer'], Schedule> {
    return new Pages((cursor) => this.page({ ...query, cursor }, options), (page: Schemas['SchedulesAnswer']) => page.schedules)
  }

  /** page is one page of the list, for who keeps the cursor. */
  page(query: Query<'list-schedules'> = {}, options?: CallOptions): Promise<Schemas['SchedulesAnswer']> {
    return this.#http.get('/api/v1/schedules', query, options)
  }

  /** next is when a schedule would come that is not written: its next five runs. */
  next(times: Query<'preview-schedule'>, options?: CallOptions): Promise<Schemas['NextRunsAnswer']> {
    return this.#http.get('/api/v1/schedules/next', times, options)
  }

  create(request: ScheduleRequest, options?: CallOptions): Promise<Schedule> {
    return this.#http.json('POST', '/api/v1/schedules', { ...options, body: request, once: true })
  }

  get(id: string, options?: CallOptions): Promise<Schedule> {
    return this.#http.get(path`/api/v1/schedules/${id}`, undefined, options)
  }

  replace(id: string, request: ScheduleRequest, options?: CallOptions): Promise<Schedule> {
    return this.#http.json('PUT', path`/api/v1/schedules/${id}`, { ...options, body: request })
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', path`/api/v1/schedules/${id}`, options)
  }

  pause(id: string, options?: CallOptions): Promise<Schedule> {
    return this.#http.json('POST', path`/api/v1/schedules/${id}/pause`, options)
  }

  resume(id: string, options?: CallOptions): Promise<Schedule> {
    return this.#http.json('POST', path`/api/v1/schedules/${id}/resume`, options)
  }

  /** run starts it now, beside its times. */
  run(id: string, options?: CallOptions): Promise<Accepted> {
    return this.#http.json('POST', path`/api/v1/schedules/${id}/run`, { ...options, once: true })
  }

  runs(id: string, options?: CallOptions): Promise<Schemas['RunsAnswer']> {
    return this.#http.get(path`/api/v1/schedules/${id}/runs`, undefined, options)
  }

  async history(id: string, options?: CallOptions): Promise<Schemas['ScheduleEvent'][]> {
    const answer = await this.#http.get<Schemas['HistoryAnswer']>(path`/api/v1/schedules/${id}/history`, undefined, options)
    return answer.history
  }
}
