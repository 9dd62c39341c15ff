import { describe, expect, it } from 'vitest'
import { Tracker, TrackerError, UnreachableError } from '../src/index.js'
import { parse } from '../src/sse.js'
import { fakeFetch, problem, stream } from './fake.js'

const at = (fake: { fetch: typeof fetch }) => new Tracker({ url: 'http://tracker.test', key: 'secret', fetch: fake.fetch })
const cells = (id: number) => `id: ${id}\nevent: cells\ndata: {"cells":[]}\n\n`
const done = 'id: 9\nevent: done\ndata: {"state":"succeeded"}\n\n'
const soon = 'retry: 1\n\n'

async function read(events: AsyncIterable<{ event: string; id?: string }>): Promise<string[]> {
  const seen: string[] = []
  for await (const { event, id } of events) seen.push(`${event} ${id ?? '-'}`)
  return seen
}

describe('a stream', () => {
  const text = `: hello\r\nretry: 7\r\n\r\nid: 1\r\nevent: job\r\ndata: {"a":\r\ndata: "ü"}\r\n\r\ndata:x\n\n${cells(2)}id: 3\ndata: cut off`
  const wanted = [
    { comment: 'hello' }, { retry: 7 }, { message: { event: 'job', data: '{"a":\n"ü"}', id: '1' } },
    { message: { event: 'message', data: 'x', id: '1' } }, { message: { event: 'cells', data: '{"cells":[]}', id: '2' } },
  ]

  it.each([1, 2, 3, 7, 1000])('is read in chunks of %d bytes', async (size) => {
    const bytes = new TextEncoder().encode(text)
    const body = new ReadableStream<Uint8Array>({
      start(out) {
        for (let i = 0; i < bytes.length; i += size) out.enqueue(bytes.slice(i, i + size))
        out.close()
      },
    })
    const found = []
    for await (const one of parse(body)) found.push(one)
    expect(found).toEqual(wanted)
  })
})

describe('following', () => {
  it('ends after done', async () => {
    const fake = fakeFetch(stream([soon, cells(1), done, cells(10)]))
    expect(await read(at(fake).follow('j'))).toEqual(['cells 1', 'done 9'])
    expect(fake.sent[0]!.headers).toMatchObject({ 'X-API-Key': 'secret', Accept: 'text/event-stream' })
  })

  it('resumes after the last message, through all that passes', async () => {
    const connections: string[] = []
    const fake = fakeFetch(
      stream([soon, cells(1), cells(2)]), new TypeError('refused'), problem(502, 'gone'),
      problem(429, 'too many streams', { 'Retry-After': '0' }), stream([soon, cells(3)]), stream([done]),
    )
    expect(await read(at(fake).follow('j', { onConnection: (c) => connections.push(c) }))).toEqual(['cells 1', 'cells 2', 'cells 3', 'done 9'])
    expect(fake.sent.map((s) => s.headers['Last-Event-ID'])).toEqual([undefined, '2', '2', '2', '2', '3'])
    expect(connections).toEqual(['open', 'lost', 'lost', 'lost', 'lost', 'open', 'lost', 'open'])
  })

  it('begins where it is told to', async () => {
    const fake = fakeFetch(stream([done]))
    await read(at(fake).follow('j', { after: '5' }))
    expect(fake.sent[0]!.headers['Last-Event-ID']).toBe('5')
  })

  it('takes a silent connection for dead', async () => {
    const fake = fakeFetch(stream([soon, cells(1)], true), stream([done]))
    expect(await read(at(fake).follow('j', { silence: 30 }))).toEqual(['cells 1', 'done 9'])
  })

  it('gives up after so many attempts', async () => {
    const fake = fakeFetch(problem(503, 'starting', { 'Retry-After': '0' }))
    await expect(read(at(fake).follow('j', { attempts: 3 }))).rejects.toBeInstanceOf(TrackerError)
    expect(fake.sent).toHaveLength(4)
  })

  it('counts attempts anew after a message', async () => {
    const cut = () => stream([soon, cells(1)])
    const fake = fakeFetch(cut(), cut(), cut(), cut(), stream([done]))
    expect(await read(at(fake).follow('j', { attempts: 1 }))).toHaveLength(5)
  })

  it('ends at once where the answer will be the same', async () => {
    const fake = fakeFetch(problem(404, 'no job'))
    await expect(read(at(fake).follow('j'))).rejects.toThrow('no job')
    expect(fake.sent).toHaveLength(1)
  })

  it('closes the connection when nobody reads on', async () => {
    const fake = fakeFetch(stream([cells(1), cells(2)], true))
    for await (const event of at(fake).follow('j')) {
      expect(event.id).toBe('1')
      break
    }
    expect(fake.sent[0]!.signal!.aborted).toBe(true)
  })

  it('ends with the reason of the signal', async () => {
    const abort = new AbortController()
    const gone = new Error('the page was left')
    const fake = fakeFetch(stream([cells(1)], true))
    const reading = read(at(fake).follow('j', { signal: abort.signal, onConnection: () => setTimeout(() => abort.abort(gone)) }))
    await expect(reading).rejects.toBe(gone)
    expect(fake.sent[0]!.signal!.aborted).toBe(true)
  })

  it('tells of a lost network as such', async () => {
    const fake = fakeFetch(new TypeError('refused'))
    await expect(read(at(fake).follow('j', { attempts: 0 }))).rejects.toBeInstanceOf(UnreachableError)
  })
})
