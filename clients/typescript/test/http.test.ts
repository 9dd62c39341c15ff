import { describe, expect, it } from 'vitest'
import { Tracker, TrackerError, type TrackerOptions, UnreachableError } from '../src/index.js'
import { fakeFetch, json, problem } from './fake.js'

const at = (fake: { fetch: typeof fetch }, options: Partial<TrackerOptions> = {}) =>
  new Tracker({ url: 'http://tracker.test/', key: 'secret', fetch: fake.fetch, ...options })
const busy = problem(503, 'busy', { 'Retry-After': '0' })
const accepted = json({ success: true, job_id: 'j1' }, 202)
const keys = { access_key_id: 'AKIA', secret_access_key: 'hidden' }

describe('requests', () => {
  it('carry the key, and escape what they name', async () => {
    const fake = fakeFetch(json({ success: true }))
    await at(fake).jobs.get('a/b?c')
    expect(fake.sent[0]).toMatchObject({ method: 'GET', path: '/api/v1/jobs/a%2Fb%3Fc', headers: { 'X-API-Key': 'secret' } })
  })

  it('join lists by commas', async () => {
    const fake = fakeFetch(json({ items: [] }))
    await at(fake).plans.items('p', { item_state: ['failed', 'refused'] }).all()
    expect(fake.sent[0]!.path).toBe('/api/v1/plans/p?item_state=failed%2Crefused')
  })

  it('leave out what is undefined, and repeat tags', async () => {
    const fake = fakeFetch(json({ resources: [] }))
    await at(fake).resources('j', { filter: 'tag:a=b c', region: undefined, tag: ['x=1', 'y=2'] }).all()
    expect(fake.sent[0]!.path).toBe('/api/v1/jobs/j/resources?filter=tag%3Aa%3Db+c&tag=x%3D1&tag=y%3D2')
  })

  it('carry a token in place of a key', async () => {
    const fake = fakeFetch(json({ success: true }))
    await at(fake, { key: undefined, token: 't' }).whoami()
    expect(fake.sent[0]!.headers).toMatchObject({ Authorization: 'Bearer t' })
    expect(fake.sent[0]!.headers).not.toHaveProperty('X-API-Key')
  })
})

describe('a request is sent again', () => {
  it('under the same Idempotency-Key', async () => {
    const fake = fakeFetch(busy, new TypeError('network'), accepted)
    await at(fake).scan(keys)
    const sentUnder = new Set(fake.sent.map((s) => s.headers['Idempotency-Key']))
    expect(fake.sent).toHaveLength(3)
    expect(sentUnder.size).toBe(1)
    expect([...sentUnder][0]).toMatch(/^[0-9a-f]{32}$/)
  })

  it('under the key of the caller', async () => {
    const fake = fakeFetch(accepted)
    await at(fake).scan(keys, { idempotencyKey: 'mine' })
    expect(fake.sent[0]!.headers['Idempotency-Key']).toBe('mine')
  })

  it('when it only reads', async () => {
    const fake = fakeFetch(busy, busy, json({ success: true, who: 'me' }))
    expect((await at(fake).whoami()).who).toBe('me')
  })

  it('after 429 whatever it is: nothing was done', async () => {
    const fake = fakeFetch(problem(429, 'slow down', { 'Retry-After': '0' }), json({ success: true }, 201))
    await at(fake).keys.add({ name: 'ci', grants: [] })
    expect(fake.sent).toHaveLength(2)
  })

  it('not when it may have done its work', async () => {
    const fake = fakeFetch(busy)
    await expect(at(fake).keys.add({ name: 'ci', grants: [] })).rejects.toMatchObject({ status: 503 })
    expect(fake.sent).toHaveLength(1)
  })

  it('not when the server asks for a longer pause than the caller has', async () => {
    const fake = fakeFetch(problem(429, 'too many jobs today', { 'Retry-After': '3600' }))
    await expect(at(fake).scan(keys)).rejects.toMatchObject({ status: 429, retryAfter: 3600 })
    expect(fake.sent).toHaveLength(1)
  })

  it('as often as told', async () => {
    const fake = fakeFetch(busy)
    await expect(at(fake, { retries: 2 }).whoami()).rejects.toMatchObject({ status: 503 })
    expect(fake.sent).toHaveLength(3)
  })

  it('not for an error that another request would have too', async () => {
    const fake = fakeFetch(problem(403, 'not allowed'))
    await expect(at(fake).whoami()).rejects.toThrow('not allowed')
    expect(fake.sent).toHaveLength(1)
  })
})

describe('errors', () => {
  it('name the fields at fault and the request', async () => {
    const errors = [{ location: 'body.types[0]', message: 'unknown' }]
    const fake = fakeFetch(problem(422, 'body.types[0]: unknown', { 'X-Request-ID': 'r1' }, { errors, job_id: 'j9' }))
    const error = await at(fake).scan(keys).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(TrackerError)
    expect(error).toMatchObject({ status: 422, message: 'body.types[0]: unknown', errors, requestId: 'r1', jobId: 'j9' })
  })

  it('repeat no credentials', async () => {
    const error = await at(fakeFetch(new TypeError('network')), { retries: 0 }).scan(keys).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(UnreachableError)
    expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toMatch(/hidden|secret/)
  })

  it('of a proxy are told by their status', async () => {
    const fake = fakeFetch(new Response('<html>Bad gateway</html>', { status: 502, statusText: 'Bad Gateway' }))
    await expect(at(fake, { retries: 0 }).whoami()).rejects.toMatchObject({ status: 502, message: '502 Bad Gateway', problem: undefined })
  })

  it('say that what answers is not the API', async () => {
    const fake = fakeFetch(new Response('<!doctype html>'))
    await expect(at(fake).whoami()).rejects.toThrow('what http://tracker.test answers is not JSON')
    expect(fake.sent).toHaveLength(1)
  })

  it('come when an answer is cut off, and it is asked for again', async () => {
    const cut = () => new Response(new ReadableStream({ start: (out) => out.error(new TypeError('terminated')) }))
    expect((await at(fakeFetch(cut, json({ who: 'me' }))).whoami()).who).toBe('me')
    await expect(at(fakeFetch(cut), { retries: 0 }).whoami()).rejects.toBeInstanceOf(UnreachableError)
  })

  it('come when no answer does', async () => {
    const never = (sent: { signal: AbortSignal | undefined }) =>
      new Promise<Response>((_, reject) => sent.signal!.addEventListener('abort', () => reject(sent.signal!.reason as Error)))
    await expect(at(fakeFetch(never), { timeout: 20, retries: 0 }).whoami()).rejects.toThrow('none within 0.02 s')
  })

  it('are the reason of the signal', async () => {
    const gone = new Error('the page was left')
    const abort = new AbortController()
    const fake = fakeFetch(() => {
      abort.abort(gone)
      throw new DOMException('aborted', 'AbortError')
    })
    await expect(at(fake).whoami({ signal: abort.signal })).rejects.toBe(gone)
    expect(fake.sent).toHaveLength(1)
  })
})

describe('a redirect', () => {
  it('is not followed', async () => {
    const fake = fakeFetch((sent) => json({ redirect: sent.redirect }))
    expect(await at(fake).whoami()).toEqual({ redirect: 'error' })
  })
})

describe('the signal of a caller', () => {
  it('is let go of once an answer is read', async () => {
    const { signal } = new AbortController()
    let held = 0
    const count = (by: number, then: (...args: Parameters<typeof signal.addEventListener>) => void) =>
      (...args: Parameters<typeof signal.addEventListener>) => {
        held += by
        then.apply(signal, args)
      }
    signal.addEventListener = count(1, signal.addEventListener) as typeof signal.addEventListener
    signal.removeEventListener = count(-1, signal.removeEventListener) as typeof signal.removeEventListener
    await at(fakeFetch(json({}))).whoami({ signal })
    await at(fakeFetch(problem(403, 'no'))).whoami({ signal }).catch(() => undefined)
    expect(held).toBe(0)
  })
})

describe('pages', () => {
  const pages = () => fakeFetch(json({ jobs: [{ job_id: 'a' }, { job_id: 'b' }], next_cursor: 'n' }), json({ jobs: [{ job_id: 'c' }] }))

  it('are fetched one after the other', async () => {
    const fake = pages()
    expect((await at(fake).jobs.list({ limit: 2 }).all()).map((job) => job.job_id)).toEqual(['a', 'b', 'c'])
    expect(fake.sent.map((s) => s.path)).toEqual(['/api/v1/jobs?limit=2', '/api/v1/jobs?limit=2&cursor=n'])
  })

  it('are answers whole, the first one too', async () => {
    const fake = pages()
    expect(await at(fake).jobs.list().first()).toMatchObject({ next_cursor: 'n' })
    expect(fake.sent).toHaveLength(1)
  })

  it('are not fetched that nobody reads', async () => {
    const fake = pages()
    expect(await at(fake).jobs.list().all(2)).toHaveLength(2)
    expect(fake.sent).toHaveLength(1)
  })
})

describe('waiting', () => {
  it('goes on while the server is restarted, and ends with the job', async () => {
    const fake = fakeFetch(json({ state: 'running' }), problem(502, 'gone'), new TypeError('refused'), json({ state: 'partial' }))
    const seen: string[] = []
    const job = await at(fake, { retries: 0 }).waitForJob('j', { every: 1, onLook: (now) => seen.push(now.state) })
    expect(job.state).toBe('partial')
    expect(seen).toEqual(['running', 'partial'])
  })

  it('ends with a plan that waits for a person', async () => {
    const fake = fakeFetch(json({ plan: { state: 'planning' } }), json({ plan: { state: 'planned' } }))
    expect((await at(fake).waitForPlan('p', { every: 1 })).plan.state).toBe('planned')
  })
})

describe('a refused change', () => {
  it('is a result', async () => {
    const refused = { success: false, verification_status: 'failed', error: 'protected', resource_id: 'i-1' }
    expect(await at(fakeFetch(json(refused, 400))).act({ resource_id: 'i-1' })).toEqual(refused)
  })

  it('is an error where the request is malformed', async () => {
    await expect(at(fakeFetch(problem(400, 'Missing required fields'))).act({})).rejects.toMatchObject({ status: 400 })
  })
})
