import { type CallOptions, type Http, path } from './http.js'
import { Pages } from './pages.js'
import type { APIKey, Body, Schemas } from './types.js'

/** Keys are API keys of the tenant. A secret is answered once. */
export class Keys {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  async list(options?: CallOptions): Promise<APIKey[]> {
    return (await this.#http.get<Schemas['KeysAnswer']>('/api/v1/keys', undefined, options)).keys
  }

  add(key: Body<'add-key'>, options?: CallOptions): Promise<Schemas['SecretAnswer']> {
    return this.#http.json('POST', '/api/v1/keys', { ...options, body: key })
  }

  /** rotate gives a key a new secret and takes the old one for a while longer. */
  rotate(id: string, query: { overlap_seconds?: number } = {}, options?: CallOptions): Promise<Schemas['SecretAnswer']> {
    return this.#http.json('POST', path`/api/v1/keys/${id}/rotate`, { ...options, query })
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', path`/api/v1/keys/${id}`, options)
  }
}

/** Sessions are log-ins of people. */
export class Sessions {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  list(query: { limit?: number } = {}, options?: CallOptions): Pages<Schemas['SessionsAnswer'], Schemas['Session']> {
    return new Pages(
      (cursor) => this.#http.get('/api/v1/sessions', { ...query, cursor }, options),
      (page: Schemas['SessionsAnswer']) => page.sessions,
    )
  }

  /** signIn exchanges a key, or a code of the issuer, for a session: a cookie, or with cookie: false a token. */
  signIn(body: Body<'sign-in'>, options?: CallOptions): Promise<Schemas['TokenAnswer']> {
    return this.#http.json('POST', '/api/v1/auth/token', { ...options, body })
  }

  /** loginURL is where a browser goes to sign in with the issuer, in a tenant or in the person's first, and to come back from to a path of the server. */
  loginURL(returnTo: string, tenant?: string): string {
    return `${this.#http.url}/api/v1/auth/login?${new URLSearchParams({ return_to: returnTo, ...(tenant && { tenant }) })}`
  }

  signOut(options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', '/api/v1/auth/session', options)
  }

  end(id: string, options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', path`/api/v1/sessions/${id}`, options)
  }
}

/** Tenants are for an admin of the service. */
export class Tenants {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  async list(options?: CallOptions): Promise<Schemas['Tenant'][]> {
    return (await this.#http.get<Schemas['TenantsAnswer']>('/api/v1/tenants', undefined, options)).tenants
  }

  async add(tenant: Body<'add-tenant'>, options?: CallOptions): Promise<Schemas['Tenant']> {
    return (await this.#http.json<Schemas['TenantAnswer']>('POST', '/api/v1/tenants', { ...options, body: tenant })).tenant
  }

  delete(name: string, options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', path`/api/v1/tenants/${name}`, options)
  }

  async allowedAccounts(name: string, options?: CallOptions): Promise<string[]> {
    return (await this.#http.get<Schemas['AllowedAnswer']>(path`/api/v1/tenants/${name}/allowed-accounts`, undefined, options)).accounts
  }

  async allowAccounts(name: string, accounts: string[], options?: CallOptions): Promise<string[]> {
    const answer = await this.#http.json<Schemas['AllowedAnswer']>('PUT', path`/api/v1/tenants/${name}/allowed-accounts`, { ...options, body: { accounts } })
    return answer.accounts
  }

  quota(name: string, options?: CallOptions): Promise<Schemas['TenantQuotaAnswer']> {
    return this.#http.get(path`/api/v1/tenants/${name}/quota`, undefined, options)
  }

  setQuota(name: string, limits: Record<string, number>, options?: CallOptions): Promise<Schemas['TenantQuotaAnswer']> {
    return this.#http.json('PUT', path`/api/v1/tenants/${name}/quota`, { ...options, body: { limits } })
  }
}
