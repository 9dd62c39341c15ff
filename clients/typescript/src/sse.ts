/** Message is one server-sent event. */
export interface Message {
  event: string
  data: string
  /** The last ID that the stream has named, in this message or before. */
  id: string | undefined
}

/** Read is what the parser finds: a message, the server's wish for the pause before a reconnect, or a comment, which keeps alive. */
export type Read = { message: Message } | { retry: number } | { comment: string }

/** parse reads an event stream, however its bytes are cut into chunks. */
export async function* parse(body: ReadableStream<Uint8Array>): AsyncGenerator<Read> {
  let event = ''
  let data: string[] = []
  let id: string | undefined
  for await (const line of lines(body)) {
    if (line === '') {
      if (data.length > 0) yield { message: { event: event || 'message', data: data.join('\n'), id } }
      event = ''
      data = []
      continue
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === '') yield { comment: value }
    else if (field === 'event') event = value
    else if (field === 'data') data.push(value)
    else if (field === 'id' && !value.includes('\0')) id = value
    else if (field === 'retry' && /^\d+$/.test(value)) yield { retry: Number(value) }
  }
}

/** lines end with \n, \r\n or \r. What comes after the last end is cut off: the connection was. */
async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += decoder.decode(value, { stream: true })
      // A \r at the end may be the half of an \r\n.
      const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest
      const found = whole.split(/\r\n|\n|\r/)
      rest = found.pop()! + rest.slice(whole.length)
      yield* found
    }
  } finally {
    // The reader may have failed already, and then there is nothing to cancel.
    await reader.cancel().catch(() => undefined)
  }
}
