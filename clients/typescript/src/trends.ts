import { type CallOptions, type Http, path } from './http.js'
import { Pages } from './pages.js'
import type { Body, Query, Schemas } from './types.js'

/** Trends are what there was by day, what has changed, what this month costs, and which days stand out. */
export class Trends {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  get(query: Omit<Query<'get-trend'>, 'format'> = {}, options?: CallOptions): Promise<Schemas['TrendAnswer']> {
    return this.#http.get('/api/v1/trend', query, options)
  }

  /** diff is what has changed. The summary is on the first answer, what is not known on every one. */
  diff(query: Omit<Query<'get-diff'>, 'cursor' | 'format'> = {}, options?: CallOptions): Pages<Schemas['DiffAnswer'], Schemas['Change']> {
    return new Pages((cursor) => this.diffPage({ ...query, cursor }, options), (page: Schemas['DiffAnswer']) => page.changes)
  }

  /** diffPage is one page of what has changed, for who keeps the cursor. */
  diffPage(query: Omit<Query<'get-diff'>, 'format'> = {}, options?: CallOptions): Promise<Schemas['DiffAnswer']> {
    return this.#http.get('/api/v1/diff', query, options)
  }

  forecast(query: Query<'get-forecast'> = {}, options?: CallOptions): Promise<Schemas['ForecastAnswer']> {
    return this.#http.get('/api/v1/forecast', query, options)
  }

  /** report is what a manager is told: cost, trend, changes, waste and coverage, as sections of figures. */
  report(query: Omit<Query<'get-summary-report'>, 'format'> = {}, options?: CallOptions): Promise<Schemas['ReportAnswer']> {
    return this.#http.get('/api/v1/reports/summary', query, options)
  }

  /** reportText is the same as a text: a page of HTML, or as the format of the query says. */
  async reportText(query: Query<'get-summary-report'> = {}, options?: CallOptions): Promise<string> {
    const answer = await this.#http.open('GET', '/api/v1/reports/summary', { ...options, query: { format: 'html', ...query }, headers: { Accept: '*/*' } })
    return answer.text()
  }

  /** billed is what AWS billed, beside the estimate. */
  billed(query: Query<'list-billed'> = {}, options?: CallOptions): Promise<Schemas['BillsAnswer']> {
    return this.#http.get('/api/v1/billed', query, options)
  }

  anomalies(query: Query<'list-anomalies'> = {}, options?: CallOptions): Promise<Schemas['AnomaliesAnswer']> {
    return this.#http.get('/api/v1/anomalies', query, options)
  }

  /** budgets are what months may cost, and how each stands in this one. */
  async budgets(options?: CallOptions): Promise<Schemas['BudgetItem'][]> {
    return (await this.#http.get<Schemas['BudgetsAnswer']>('/api/v1/budgets', {}, options)).budgets
  }

  budget(id: string, options?: CallOptions): Promise<Schemas['BudgetAnswer']> {
    return this.#http.get(path`/api/v1/budgets/${id}`, {}, options)
  }

  addBudget(body: Body<'add-budget'>, options?: CallOptions): Promise<Schemas['BudgetAnswer']> {
    return this.#http.json('POST', '/api/v1/budgets', { ...options, body })
  }

  /** putBudget replaces a budget. What is absent is reset. */
  putBudget(id: string, body: Body<'put-budget'>, options?: CallOptions): Promise<Schemas['BudgetAnswer']> {
    return this.#http.json('PUT', path`/api/v1/budgets/${id}`, { ...options, body })
  }

  deleteBudget(id: string, options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', path`/api/v1/budgets/${id}`, options)
  }
}
