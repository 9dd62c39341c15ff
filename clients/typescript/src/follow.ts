import { passes, TrackerError, UnreachableError } from './errors.js'
import { backoff, type Http, sleep } from './http.js'
import { parse } from './sse.js'

export interface FollowOptions {
  /** Begin after the message with this ID. */
  after?: string
  signal?: AbortSignal
  /** How often in a row it may connect without getting a message. 30 if not told, which are about seven minutes. */
  attempts?: number
  /** Milliseconds without a byte after which a connection counts as dead. 40,000 if not told: the server writes every 15 s. */
  silence?: number
  /** Is told when the stream is there, and when it was lost and is sought again. */
  onConnection?: (connection: 'open' | 'lost', error?: Error) => void
}

/**
 * follow yields the messages of a stream until the one that is called done. A connection that is lost is made again and
 * resumes after the last message. Attempts are counted and not minutes, so that a laptop may sleep in between.
 */
export async function* follow<E extends { event: string; data: unknown; id?: string }>(
  http: Http, path: string, options: FollowOptions = {},
): AsyncGenerator<E> {
  let last = options.after
  let failures = 0
  let retry = 1000
  for (;;) {
    let lost: TrackerError | UnreachableError
    const watch = new Watchdog(options.silence ?? 40_000, options.signal)
    try {
      const headers: Record<string, string> = { Accept: 'text/event-stream' }
      if (last !== undefined && last !== '') headers['Last-Event-ID'] = last
      const response = await http.open('GET', path, { headers, signal: watch.signal, retries: 0 })
      options.onConnection?.('open')
      for await (const read of parse(watch.over(response.body!))) {
        if ('retry' in read) retry = read.retry
        if (!('message' in read)) continue
        const { event, id } = read.message
        const data: unknown = JSON.parse(read.message.data)
        if (id !== undefined) last = id
        failures = 0
        yield (id === undefined ? { event, data } : { event, data, id }) as E
        if (event === 'done') return
      }
      lost = new UnreachableError(http.url, 'the stream was cut off')
    } catch (error) {
      options.signal?.throwIfAborted()
      if (error instanceof TrackerError && !passes(error)) throw error
      lost = error instanceof TrackerError || error instanceof UnreachableError ? error : new UnreachableError(http.url, error)
    } finally {
      watch.stop()
    }
    options.onConnection?.('lost', lost)
    if (++failures > (options.attempts ?? 30)) throw lost
    const asked = lost instanceof TrackerError ? lost.retryAfter : undefined
    await sleep(asked === undefined ? backoff(failures - 1, retry) : asked * 1000, options.signal)
  }
}

/** Watchdog aborts a connection that no byte has come over for a while, and when the caller's signal does. */
class Watchdog {
  readonly #controller = new AbortController()
  readonly #silence: number
  readonly #outer: AbortSignal | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(silence: number, outer: AbortSignal | undefined) {
    this.#silence = silence
    this.#outer = outer
    if (outer?.aborted) this.#end()
    outer?.addEventListener('abort', this.#end)
    this.#feed()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** over passes a body through and sees its bytes. */
  over(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    return body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, out) => {
        this.#feed()
        out.enqueue(chunk)
      },
    }), { signal: this.signal })
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#outer?.removeEventListener('abort', this.#end)
    this.#controller.abort(new Error('no longer read'))
  }

  readonly #end = (): void => this.#controller.abort(this.#outer?.reason)

  #feed(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#controller.abort(new Error(`nothing was heard for ${this.#silence / 1000} s`)), this.#silence)
  }
}
