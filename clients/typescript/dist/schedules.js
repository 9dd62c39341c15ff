import { path } from './http.js';
import { Pages } from './pages.js';
/** Schedules start scans and plans again and again. */
export class Schedules {
    #http;
    constructor(http) {
        this.#http = http;
    }
    list(query = {}, options) {
        return new Pages((cursor) => this.#http.get('/api/v1/schedules', { ...query, cursor }, options), (page) => page.schedules);
    }
    create(request, options) {
        return this.#http.json('POST', '/api/v1/schedules', { ...options, body: request, once: true });
    }
    get(id, options) {
        return this.#http.get(path `/api/v1/schedules/${id}`, undefined, options);
    }
    replace(id, request, options) {
        return this.#http.json('PUT', path `/api/v1/schedules/${id}`, { ...options, body: request });
    }
    delete(id, options) {
        return this.#http.json('DELETE', path `/api/v1/schedules/${id}`, options);
    }
    pause(id, options) {
        return this.#http.json('POST', path `/api/v1/schedules/${id}/pause`, options);
    }
    resume(id, options) {
        return this.#http.json('POST', path `/api/v1/schedules/${id}/resume`, options);
    }
    /** run starts it now, beside its times. */
    run(id, options) {
        return this.#http.json('POST', path `/api/v1/schedules/${id}/run`, { ...options, once: true });
    }
    runs(id, options) {
        return this.#http.get(path `/api/v1/schedules/${id}/runs`, undefined, options);
    }
    async history(id, options) {
        const answer = await this.#http.get(path `/api/v1/schedules/${id}/history`, undefined, options);
        return answer.history;
    }
}
