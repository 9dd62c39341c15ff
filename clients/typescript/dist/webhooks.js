import { path } from './http.js';
import { Pages } from './pages.js';
/** Webhooks have events sent to a receiver of yours. A secret is answered once. */
export class Webhooks {
    #http;
    constructor(http) {
        this.#http = http;
    }
    async list(options) {
        return (await this.#http.get('/api/v1/webhooks', undefined, options)).webhooks;
    }
    add(webhook, options) {
        return this.#http.json('POST', '/api/v1/webhooks', { ...options, body: webhook });
    }
    get(id, options) {
        return this.#http.get(path `/api/v1/webhooks/${id}`, undefined, options);
    }
    change(id, changes, options) {
        return this.#http.json('PATCH', path `/api/v1/webhooks/${id}`, { ...options, body: changes });
    }
    delete(id, options) {
        return this.#http.json('DELETE', path `/api/v1/webhooks/${id}`, options);
    }
    rotateSecret(id, body = {}, options) {
        return this.#http.json('POST', path `/api/v1/webhooks/${id}/secret`, { ...options, body });
    }
    test(id, options) {
        return this.#http.json('POST', path `/api/v1/webhooks/${id}/test`, options);
    }
    deliveries(id, query = {}, options) {
        return new Pages((cursor) => this.#http.get(path `/api/v1/webhooks/${id}/deliveries`, { ...query, cursor }, options), (page) => page.deliveries);
    }
    replay(id, delivery, options) {
        return this.#http.json('POST', path `/api/v1/webhooks/${id}/deliveries/${delivery}/replay`, options);
    }
}
