import { follow } from './follow.js';
import { path, patiently, sleep } from './http.js';
import { Pages } from './pages.js';
import { isMoving } from './types.js';
/** Plans are changes that are looked at first, and then carried out as they were looked at. */
export class Plans {
    #http;
    constructor(http) {
        this.#http = http;
    }
    /** create looks at the resources and changes nothing, unless the request says apply. Wait for the look by wait. */
    create(request, options) {
        return this.#http.json('POST', '/api/v1/plans', { ...options, body: request, once: true });
    }
    list(query = {}, options) {
        return new Pages((cursor) => this.#http.get('/api/v1/plans', { ...query, cursor }, options), (page) => page.plans);
    }
    get(id, options) {
        return this.#http.get(path `/api/v1/plans/${id}`, undefined, options);
    }
    items(id, query = {}, options) {
        return new Pages((cursor) => this.#http.get(path `/api/v1/plans/${id}`, { ...query, cursor }, options), (page) => page.items);
    }
    /** wait looks again and again until the plan does not go on by itself: it was looked at, is held, or has ended. */
    async wait(id, options = {}) {
        for (;;) {
            const answer = await patiently(() => this.get(id, options), options.signal);
            options.onLook?.(answer);
            if (!isMoving(answer.plan.state))
                return answer;
            await sleep(options.every ?? 1000, options.signal);
        }
    }
    /** follow yields what happens, and goes on through lost connections and restarts of the server. */
    follow(id, options) {
        return follow(this.#http, path `/api/v1/plans/${id}/events`, options);
    }
    /** approve agrees to a plan of somebody else. */
    approve(plan, options) {
        return this.#http.json('POST', path `/api/v1/plans/${plan.plan_id}/approve`, { ...options, body: { digest: plan.digest } });
    }
    /** apply carries out exactly the plan that was looked at. */
    apply(plan, body = {}, options) {
        return this.#http.json('POST', path `/api/v1/plans/${plan.plan_id}/apply`, { ...options, body: { ...body, digest: plan.digest }, once: true });
    }
    /** resume goes on with a plan that the breaker holds. */
    resume(id, credentials = {}, options) {
        return this.#http.json('POST', path `/api/v1/plans/${id}/resume`, { ...options, body: credentials, once: true });
    }
    cancel(id, options) {
        return this.#http.json('POST', path `/api/v1/plans/${id}/cancel`, options);
    }
    /** undo makes a plan of the inverses of what was verified. It needs credentials anew. */
    undo(id, body = {}, options) {
        return this.#http.json('POST', path `/api/v1/plans/${id}/undo`, { ...options, body, once: true });
    }
    /** report is the report on a plan in a format, to be streamed: its body is not read yet. */
    report(id, format = 'json', options) {
        return this.#http.open('GET', path `/api/v1/plans/${id}/report`, { ...options, query: { format }, headers: { Accept: '*/*' } });
    }
}
