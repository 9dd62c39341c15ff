import { type CallOptions, type Http, path } from './http.js'
import { Pages } from './pages.js'
import type { Accepted, Account, Body, Query, Schemas } from './types.js'

/** Accounts are registered, to be named in place of keys. */
export class Accounts {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  list(query: { limit?: number } = {}, options?: CallOptions): Pages<Schemas['AccountsAnswer'], Account> {
    return new Pages(
      (cursor) => this.#http.get('/api/v1/accounts', { ...query, cursor }, options),
      (page: Schemas['AccountsAnswer']) => page.accounts,
    )
  }

  async add(account: Body<'add-account'>, options?: CallOptions): Promise<Account> {
    return (await this.#http.json<Schemas['AccountAnswer']>('POST', '/api/v1/accounts', { ...options, body: account })).account
  }

  async get(name: string, options?: CallOptions): Promise<Account> {
    return (await this.#http.get<Schemas['AccountAnswer']>(path`/api/v1/accounts/${name}`, undefined, options)).account
  }

  async replace(name: string, account: Body<'put-account'>, options?: CallOptions): Promise<Account> {
    return (await this.#http.json<Schemas['AccountAnswer']>('PUT', path`/api/v1/accounts/${name}`, { ...options, body: account })).account
  }

  delete(name: string, options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', path`/api/v1/accounts/${name}`, options)
  }

  /** forgetHistory deletes what the history knows of an AWS account, within seconds. */
  forgetHistory(accountID: string, options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', path`/api/v1/inventory/accounts/${accountID}`, options)
  }

  /** setup is the role that the account has to have, as a template and as policies. */
  setup(name: string, query: Query<'set-up-account'> = {}, options?: CallOptions): Promise<Schemas['SetupAnswer']> {
    return this.#http.get(path`/api/v1/accounts/${name}/setup`, query, options)
  }

  /** check starts an access check of the account. */
  check(name: string, options?: CallOptions): Promise<Accepted> {
    return this.#http.json('POST', path`/api/v1/accounts/${name}/check`, { ...options, once: true })
  }
}
