/** Sent is one request as a fake server saw it. */
export interface Sent {
  method: string
  path: string
  headers: Record<string, string>
  body: unknown
  signal: AbortSignal | undefined
  redirect: string | undefined
}

type Answer = Response | Error | ((sent: Sent) => Response | Promise<Response>)

/** fakeFetch gives its answers one after the other, the last one for ever, and keeps what was sent. */
export function fakeFetch(...answers: Answer[]): { fetch: typeof fetch; sent: Sent[] } {
  const sent: Sent[] = []
  const fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(String(url))
    const one: Sent = {
      method: init.method ?? 'GET', path: pathname + search, headers: init.headers as Record<string, string>,
      body: init.body === undefined ? undefined : JSON.parse(String(init.body)), signal: init.signal ?? undefined, redirect: init.redirect,
    }
    sent.push(one)
    const answer = answers[Math.min(sent.length, answers.length) - 1]!
    if (answer instanceof Error) throw answer
    return typeof answer === 'function' ? answer(one) : answer.clone()
  }
  return { fetch: fetch as typeof globalThis.fetch, sent }
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })

export const problem = (status: number, error: string, headers: Record<string, string> = {}, more: object = {}): Response =>
  json({ title: 'Title', status, success: false, error, ...more }, status, headers)

/** stream is an event stream that ends after its chunks, or is left open. */
export function stream(chunks: string[], open = false): Response {
  const encoder = new TextEncoder()
  return new Response(new ReadableStream<Uint8Array>({
    start(out) {
      for (const chunk of chunks) out.enqueue(encoder.encode(chunk))
      if (!open) out.close()
    },
  }), { headers: { 'Content-Type': 'text/event-stream' } })
}
