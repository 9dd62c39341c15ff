import type { Schemas } from './types.js'

export type FieldError = Schemas['FieldError']

/** TrackerError is an answer of the API that says no: problem+json, or what a proxy answered in its place. */
export class TrackerError extends Error {
  override readonly name = 'TrackerError'
  readonly status: number
  /** What is wrong with each field of the request. */
  readonly errors: FieldError[]
  /** Seconds until asking again is worth it, where the answer says so. */
  readonly retryAfter: number | undefined
  /** Names the request in the server's log. */
  readonly requestId: string | undefined
  /** The answer's JSON; undefined where a proxy answered in the API's place. */
  readonly problem: Schemas['Problem'] | undefined

  constructor(status: number, message: string, more: { problem?: Schemas['Problem']; retryAfter?: number; requestId?: string } = {}) {
    super(message)
    this.status = status
    this.problem = more.problem
    this.errors = more.problem?.errors ?? []
    this.retryAfter = more.retryAfter
    this.requestId = more.requestId ?? more.problem?.request_id
  }

  /** The job that the problem is about. */
  get jobId(): string | undefined {
    return this.problem?.job_id
  }

  /** The quota that does not allow the request. */
  get quota(): Schemas['QuotaUse'] | undefined {
    return this.problem?.quota
  }
}

/** UnreachableError says that no answer came: the server is gone, the network is, or a browser refuses the origin. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'

  constructor(url: string, cause: unknown) {
    super(`no answer from ${url}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** passes says whether an error is of the moment: no answer, too many requests, a server that starts, a proxy without one. */
export const passes = (error: unknown): boolean =>
  error instanceof UnreachableError || (error instanceof TrackerError && (error.status === 429 || error.status >= 500))

/** problemOf reads the error that an answer is. */
export async function problemOf(response: Response): Promise<TrackerError> {
  const text = await response.text().catch(() => '')
  const problem = asProblem(text)
  return new TrackerError(response.status, problem?.error ?? problem?.detail ?? `${response.status} ${response.statusText}`.trim(), {
    problem,
    retryAfter: secondsOf(response.headers.get('Retry-After')),
    requestId: response.headers.get('X-Request-ID') ?? undefined,
  })
}

function asProblem(text: string): Schemas['Problem'] | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return body !== null && typeof body === 'object' && ('error' in body || 'detail' in body) ? (body as Schemas['Problem']) : undefined
  } catch {
    return undefined
  }
}

/** secondsOf reads Retry-After, which is a number of seconds or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null || header === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000)
}
