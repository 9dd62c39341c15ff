import { passes, problemOf, TrackerError, UnreachableError } from './errors.js'

export interface TrackerOptions {
  /** Where the API is, such as https://tracker.example.com. */
  url: string
  /** An API key. A page that everybody can open must not hold one: see docs/frontend-integration.md. */
  key?: string
  /** A session's token, or an ID token of the issuer. */
  token?: string
  /** 'include' sends the session's cookie where the page and the API share a site. */
  credentials?: RequestCredentials
  /** How often a request is sent again that the server was too busy for. 4 if not told. */
  retries?: number
  /** The longest pause, in milliseconds, that the server may ask for before the request fails in its place. 30,000 if not told. */
  longestPause?: number
  /** Milliseconds to wait for an answer. 90,000 if not told: a request may wait 60 s for its result. */
  timeout?: number
  /** In place of the global fetch. */
  fetch?: typeof fetch
}

export interface CallOptions {
  signal?: AbortSignal
  /** Makes a repeated request answer what the first one did. The client makes one where none is given. */
  idempotencyKey?: string
}

export interface Call extends CallOptions {
  query?: object
  body?: unknown
  headers?: Record<string, string>
  /** The operation takes an Idempotency-Key. */
  once?: boolean
  retries?: number
  timeout?: number
}

/** Http sends requests, and sends them again where that changes nothing more than was asked for. */
export class Http {
  readonly url: string
  readonly #options: TrackerOptions

  constructor(options: TrackerOptions) {
    this.#options = options
    this.url = options.url.replace(/\/+$/, '')
  }

  get<T>(path: string, query?: object, options?: CallOptions): Promise<T> {
    return this.json<T>('GET', path, { ...options, query })
  }

  json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    return this.#request(method, path, call, async (response) => {
      const text = await response.text()
      try {
        return (text === '' ? undefined : JSON.parse(text)) as T
      } catch {
        throw new TrackerError(response.status, `what ${this.url} answers is not JSON: it is not the API`)
      }
    })
  }

  /** open answers once the headers are there. The caller reads the body, which the signal still bounds. */
  open(method: string, path: string, call: Call = {}): Promise<Response> {
    return this.#request(method, path, call)
  }

  async #request<T>(method: string, path: string, call: Call, read?: (response: Response) => Promise<T>): Promise<T> {
    const headers = this.#headers(call)
    // A redirect is not followed: it would carry the key elsewhere.
    const request: RequestInit = { method, headers, redirect: 'error' }
    if (call.body !== undefined) request.body = JSON.stringify(call.body)
    if (this.#options.credentials !== undefined) request.credentials = this.#options.credentials
    const retries = call.retries ?? this.#options.retries ?? 4
    // A POST without a key may have done its work although no answer came.
    const repeatable = method !== 'POST' || headers['Idempotency-Key'] !== undefined
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#send(path + search(call.query), request, call, read)
      if ('value' in outcome) return outcome.value
      const pause = this.#pause(outcome.error, repeatable, attempt)
      if (attempt >= retries || pause === undefined) throw outcome.error
      await sleep(pause, call.signal)
    }
  }

  #headers(call: Call): Record<string, string> {
    const headers: Record<string, string> = { Accept: 'application/json', ...call.headers }
    if (this.#options.key) headers['X-API-Key'] = this.#options.key
    if (this.#options.token) headers['Authorization'] = `Bearer ${this.#options.token}`
    if (call.body !== undefined) headers['Content-Type'] = 'application/json'
    if (call.once) headers['Idempotency-Key'] = call.idempotencyKey ?? newKey()
    return headers
  }

  /** #send sends once. The timeout bounds what is read too; without read, the answer is handed over once its headers are there. */
  async #send<T>(path: string, request: RequestInit, call: Call, read?: (response: Response) => Promise<T>): Promise<Outcome<T>> {
    const { signal } = call
    signal?.throwIfAborted()
    const attempt = new AbortController()
    const abort = () => attempt.abort(signal?.reason)
    signal?.addEventListener('abort', abort)
    const timeout = call.timeout ?? this.#options.timeout ?? 90_000
    const timer = setTimeout(() => attempt.abort(new Error(`none within ${timeout / 1000} s`)), timeout)
    let isHandedOver = false
    try {
      const response = await (this.#options.fetch ?? fetch)(this.url + path, { ...request, signal: attempt.signal })
      if (!response.ok) return { error: await problemOf(response) }
      isHandedOver = read === undefined
      return { value: read ? await read(response) : (response as T) }
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof TrackerError) return { error }
      return { error: new UnreachableError(this.url, attempt.signal.aborted ? attempt.signal.reason : error) }
    } finally {
      clearTimeout(timer)
      if (!isHandedOver) signal?.removeEventListener('abort', abort)
    }
  }

  /** #pause is how long to wait before sending again; undefined, not to. */
  #pause(error: TrackerError | UnreachableError, repeatable: boolean, attempt: number): number | undefined {
    const status = error instanceof TrackerError ? error.status : 0
    // 429 is a request that nothing was done of.
    const again = status === 429 || (repeatable && (status === 0 || status === 502 || status === 503 || status === 504))
    if (!again) return undefined
    const asked = error instanceof TrackerError ? error.retryAfter : undefined
    const pause = asked === undefined ? backoff(attempt, 250) : asked * 1000
    return pause > (this.#options.longestPause ?? 30_000) ? undefined : pause
  }
}

type Outcome<T> = { value: T } | { error: TrackerError | UnreachableError }

/** path escapes what it is made of: path`/api/v1/jobs/${id}`. */
export const path = (parts: TemplateStringsArray, ...values: string[]): string =>
  String.raw({ raw: parts }, ...values.map(encodeURIComponent))

/** repeated are the parameters that are sent once for each value. Other lists are one value, separated by commas. */
export const repeated = ['tag']

function search(query: object | undefined): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    const values: unknown[] = Array.isArray(value) && repeated.includes(name) ? value : [value]
    for (const one of values) {
      if (one !== undefined && one !== null) parameters.append(name, String(one))
    }
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

/** newKey is random. crypto.randomUUID is missing on pages that came over plain HTTP. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** backoff doubles with each attempt up to 15 s. A half of it is random, so that clients do not come back all at once. */
export const backoff = (attempt: number, first: number): number => Math.min(15_000, first * 2 ** attempt) * (0.5 + Math.random() / 2)

/**
 * patiently looks again while it fails for reasons of the moment, thirty times in a row at most: seven minutes and more. A
 * server may be restarted meanwhile.
 */
export async function patiently<T>(look: () => Promise<T>, signal?: AbortSignal, onFailure?: (error: unknown) => void): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await look()
    } catch (error) {
      if (!passes(error) || failures >= 30) throw error
      onFailure?.(error)
      await sleep(backoff(failures, 1000), signal)
    }
  }
}

/** sleep rejects with the signal's reason when that comes first. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const end = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', end, { once: true })
  })
}
