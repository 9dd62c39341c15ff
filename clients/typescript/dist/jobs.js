import { follow } from './follow.js';
import { path, patiently, sleep } from './http.js';
import { Pages } from './pages.js';
import { hasEnded, } from './types.js';
/** Jobs are scans and access checks, and what they have found. */
export class Jobs {
    #http;
    constructor(http) {
        this.#http = http;
    }
    /** list begins with the newest. */
    list(query = {}, options) {
        return new Pages((cursor) => this.#http.get('/api/v1/jobs', { ...query, cursor }, options), (page) => page.jobs);
    }
    get(id, options) {
        return this.#http.get(path `/api/v1/jobs/${id}`, undefined, options);
    }
    /** wait looks again and again until the job has ended, however it ended. Restarts of the server do not end it. */
    async wait(id, options = {}) {
        for (;;) {
            const job = await patiently(() => this.get(id, options), options.signal);
            options.onLook?.(job);
            if (hasEnded(job.state))
                return job;
            await sleep(options.every ?? 1000, options.signal);
        }
    }
    /** follow yields what happens, and goes on through lost connections and restarts of the server. */
    follow(id, options) {
        return follow(this.#http, path `/api/v1/jobs/${id}/events`, options);
    }
    cancel(id, options) {
        return this.#http.json('DELETE', path `/api/v1/jobs/${id}`, options);
    }
    /** retry runs again what did not succeed. It needs credentials anew: those of the scan are deleted. */
    retry(id, credentials, options) {
        return this.#http.json('POST', path `/api/v1/jobs/${id}/retry`, { ...options, body: credentials });
    }
    resources(id, query = {}, options) {
        return new Pages((cursor) => this.#http.get(path `/api/v1/jobs/${id}/resources`, { ...query, cursor }, options), (page) => page.resources);
    }
    relations(id, key, options) {
        return this.#http.get(path `/api/v1/jobs/${id}/resources/${key}/relations`, undefined, options);
    }
    /** result is the whole of a scan as one document. */
    result(id, query = {}, options) {
        return this.#http.get(path `/api/v1/jobs/${id}/result`, query, options);
    }
    /** download is the result in a format, to be streamed: its body is not read yet. */
    download(id, format, options) {
        return this.#http.open('GET', path `/api/v1/jobs/${id}/result`, { ...options, query: { format }, headers: { Accept: '*/*' } });
    }
    /** coverage names what could not be seen, and why. */
    coverage(id, query = {}, options) {
        return this.#http.get(path `/api/v1/jobs/${id}/coverage`, query, options);
    }
    costs(id, query = {}, options) {
        return this.#http.get(path `/api/v1/jobs/${id}/costs`, query, options);
    }
    findings(id, query = {}, options) {
        return new Pages((cursor) => this.#http.get(path `/api/v1/jobs/${id}/findings`, { ...query, cursor }, options), (page) => page.findings);
    }
    /** planFindings plans the repair of the counted findings of a rule. It changes nothing yet. */
    planFindings(id, rule, body = {}, options) {
        return this.#http.json('POST', path `/api/v1/jobs/${id}/findings/${rule}/plan`, { ...options, body, once: true });
    }
    compliance(id, policy, options) {
        return this.#http.json('POST', path `/api/v1/jobs/${id}/compliance`, { ...options, body: policy });
    }
}
