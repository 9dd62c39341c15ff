import { type CallOptions, type Http, path } from './http.js'
import { Pages } from './pages.js'
import type { Body, Delivery, Query, Schemas, Webhook } from './types.js'

/** Webhooks have events sent to a receiver of yours. A secret is answered once. */
export class Webhooks {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  async list(options?: CallOptions): Promise<Webhook[]> {
    return (await this.#http.get<Schemas['WebhooksAnswer']>('/api/v1/webhooks', undefined, options)).webhooks
  }

  add(webhook: Body<'add-webhook'>, options?: CallOptions): Promise<Schemas['WebhookSecretAnswer']> {
    return this.#http.json('POST', '/api/v1/webhooks', { ...options, body: webhook })
  }

  get(id: string, options?: CallOptions): Promise<Webhook> {
    return this.#http.get(path`/api/v1/webhooks/${id}`, undefined, options)
  }

  change(id: string, changes: Body<'change-webhook'>, options?: CallOptions): Promise<Webhook> {
    return this.#http.json('PATCH', path`/api/v1/webhooks/${id}`, { ...options, body: changes })
  }

  delete(id: string, options?: CallOptions): Promise<void> {
    return this.#http.json('DELETE', path`/api/v1/webhooks/${id}`, options)
  }

  rotateSecret(id: string, body: Body<'rotate-webhook-secret'> = {}, options?: CallOptions): Promise<Schemas['WebhookSecretAnswer']> {
    return this.#http.json('POST', path`/api/v1/webhooks/${id}/secret`, { ...options, body })
  }

  test(id: string, options?: CallOptions): Promise<Delivery> {
    return this.#http.json('POST', path`/api/v1/webhooks/${id}/test`, options)
  }

  deliveries(id: string, query: { limit?: number } = {}, options?: CallOptions): Pages<Schemas['DeliveriesAnswer'], Delivery> {
    return new Pages((cursor) => this.deliveriesPage(id, { ...query, cursor }, options), (page: Schemas['DeliveriesAnswer']) => page.deliveries)
  }

  /** deliveriesPage is one page of deliveries, for who keeps the cursor. */
  deliveriesPage(id: string, query: Query<'list-webhook-deliveries'> = {}, options?: CallOptions): Promise<Schemas['DeliveriesAnswer']> {
    return this.#http.get(path`/api/v1/webhooks/${id}/deliveries`, query, options)
  }

  replay(id: string, delivery: string, options?: CallOptions): Promise<Delivery> {
    return this.#http.json('POST', path`/api/v1/webhooks/${id}/deliveries/${delivery}/replay`, options)
  }
}
