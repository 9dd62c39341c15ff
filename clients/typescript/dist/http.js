import { passes, problemOf, TrackerError, UnreachableError } from './errors.js';
/** Http sends requests, and sends them again where that changes nothing more than was asked for. */
export class Http {
    url;
    #options;
    constructor(options) {
        this.#options = options;
        this.url = options.url.replace(/\/+$/, '');
    }
    get(path, query, options) {
        return this.json('GET', path, { ...options, query });
    }
    async json(method, path, call = {}) {
        const response = await this.open(method, path, call);
        return (response.status === 204 ? undefined : await response.json());
    }
    /** open answers once the headers are there. The caller reads the body. */
    async open(method, path, call = {}) {
        const headers = this.#headers(call);
        const request = { method, headers };
        if (call.body !== undefined)
            request.body = JSON.stringify(call.body);
        if (this.#options.credentials !== undefined)
            request.credentials = this.#options.credentials;
        const retries = call.retries ?? this.#options.retries ?? 4;
        // A POST without a key may have done its work although no answer came.
        const repeatable = method !== 'POST' || headers['Idempotency-Key'] !== undefined;
        for (let attempt = 0;; attempt++) {
            const outcome = await this.#send(path + search(call.query), request, call.signal);
            if (outcome.ok)
                return outcome.response;
            const pause = this.#pause(outcome.error, repeatable, attempt);
            if (attempt >= retries || pause === undefined)
                throw outcome.error;
            await sleep(pause, call.signal);
        }
    }
    #headers(call) {
        const headers = { Accept: 'application/json', ...call.headers };
        if (this.#options.key)
            headers['X-API-Key'] = this.#options.key;
        if (this.#options.token)
            headers['Authorization'] = `Bearer ${this.#options.token}`;
        if (call.body !== undefined)
            headers['Content-Type'] = 'application/json';
        if (call.once)
            headers['Idempotency-Key'] = call.idempotencyKey ?? newKey();
        return headers;
    }
    async #send(path, request, signal) {
        signal?.throwIfAborted();
        const attempt = new AbortController();
        const abort = () => attempt.abort(signal?.reason);
        signal?.addEventListener('abort', abort);
        const timeout = this.#options.timeout ?? 90_000;
        const timer = setTimeout(() => attempt.abort(new Error(`none within ${timeout / 1000} s`)), timeout);
        try {
            const response = await (this.#options.fetch ?? fetch)(this.url + path, { ...request, signal: attempt.signal });
            // The signal of the caller goes on to bound the body, and the timeout does not.
            return response.ok ? { ok: true, response } : { ok: false, error: await problemOf(response) };
        }
        catch (error) {
            signal?.throwIfAborted();
            return { ok: false, error: new UnreachableError(this.url, attempt.signal.aborted ? attempt.signal.reason : error) };
        }
        finally {
            clearTimeout(timer);
        }
    }
    /** #pause is how long to wait before sending again; undefined, not to. */
    #pause(error, repeatable, attempt) {
        const status = error instanceof TrackerError ? error.status : 0;
        // 429 is a request that nothing was done of.
        const again = status === 429 || (repeatable && (status === 0 || status === 502 || status === 503 || status === 504));
        if (!again)
            return undefined;
        const asked = error instanceof TrackerError ? error.retryAfter : undefined;
        const pause = asked === undefined ? backoff(attempt, 250) : asked * 1000;
        return pause > (this.#options.longestPause ?? 30_000) ? undefined : pause;
    }
}
/** path escapes what it is made of: path`/api/v1/jobs/${id}`. */
export const path = (parts, ...values) => String.raw({ raw: parts }, ...values.map(encodeURIComponent));
function search(query) {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
        for (const one of Array.isArray(value) ? value : [value]) {
            if (one !== undefined && one !== null)
                parameters.append(name, String(one));
        }
    }
    const text = parameters.toString();
    return text === '' ? '' : `?${text}`;
}
/** newKey is random. crypto.randomUUID is missing on pages that came over plain HTTP. */
function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
/** backoff doubles with each attempt up to 15 s. A half of it is random, so that clients do not come back all at once. */
export const backoff = (attempt, first) => Math.min(15_000, first * 2 ** attempt) * (0.5 + Math.random() / 2);
/**
 * patiently looks again while it fails for reasons of the moment, thirty times in a row at most: seven minutes and more. A
 * server may be restarted meanwhile.
 */
export async function patiently(look, signal, onFailure) {
    for (let failures = 0;; failures++) {
        try {
            return await look();
        }
        catch (error) {
            if (!passes(error) || failures >= 30)
                throw error;
            onFailure?.(error);
            await sleep(backoff(failures, 1000), signal);
        }
    }
}
/** sleep rejects with the signal's reason when that comes first. */
export function sleep(milliseconds, signal) {
    return new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const end = () => {
            clearTimeout(timer);
            reject(signal?.reason);
        };
        const timer = setTimeout(() => {
            signal?.removeEventListener('abort', end);
            resolve();
        }, milliseconds);
        signal?.addEventListener('abort', end, { once: true });
    });
}
