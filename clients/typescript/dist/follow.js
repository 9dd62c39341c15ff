import { passes, TrackerError, UnreachableError } from './errors.js';
import { backoff, sleep } from './http.js';
import { parse } from './sse.js';
/**
 * follow yields the messages of a stream until the one that is called done. A connection that is lost is made again and
 * resumes after the last message. Attempts are counted and not minutes, so that a laptop may sleep in between.
 */
export async function* follow(http, path, options = {}) {
    let last = options.after;
    let failures = 0;
    let retry = 1000;
    for (;;) {
        let lost;
        const watch = new Watchdog(options.silence ?? 40_000, options.signal);
        try {
            const headers = { Accept: 'text/event-stream' };
            if (last !== undefined && last !== '')
                headers['Last-Event-ID'] = last;
            const response = await http.open('GET', path, { headers, signal: watch.signal, retries: 0 });
            options.onConnection?.('open');
            for await (const read of parse(watch.over(response.body))) {
                if ('retry' in read)
                    retry = read.retry;
                if (!('message' in read))
                    continue;
                const { event, id } = read.message;
                const data = JSON.parse(read.message.data);
                if (id !== undefined)
                    last = id;
                failures = 0;
                yield (id === undefined ? { event, data } : { event, data, id });
                if (event === 'done')
                    return;
            }
            lost = new UnreachableError(http.url, 'the stream was cut off');
        }
        catch (error) {
            options.signal?.throwIfAborted();
            if (error instanceof TrackerError && !passes(error))
                throw error;
            lost = error instanceof TrackerError || error instanceof UnreachableError ? error : new UnreachableError(http.url, error);
        }
        finally {
            watch.stop();
        }
        options.onConnection?.('lost', lost);
        if (++failures > (options.attempts ?? 30))
            throw lost;
        const asked = lost instanceof TrackerError ? lost.retryAfter : undefined;
        await sleep(asked === undefined ? backoff(failures - 1, retry) : asked * 1000, options.signal);
    }
}
/** Watchdog aborts a connection that no byte has come over for a while, and when the caller's signal does. */
class Watchdog {
    #controller = new AbortController();
    #silence;
    #outer;
    #timer;
    constructor(silence, outer) {
        this.#silence = silence;
        this.#outer = outer;
        if (outer?.aborted)
            this.#end();
        outer?.addEventListener('abort', this.#end);
        this.#feed();
    }
    get signal() {
        return this.#controller.signal;
    }
    /** over passes a body through and sees its bytes. */
    over(body) {
        return body.pipeThrough(new TransformStream({
            transform: (chunk, out) => {
                this.#feed();
                out.enqueue(chunk);
            },
        }), { signal: this.signal });
    }
    stop() {
        clearTimeout(this.#timer);
        this.#outer?.removeEventListener('abort', this.#end);
        this.#controller.abort(new Error('no longer read'));
    }
    #end = () => this.#controller.abort(this.#outer?.reason);
    #feed() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#controller.abort(new Error(`nothing was heard for ${this.#silence / 1000} s`)), this.#silence);
    }
}
