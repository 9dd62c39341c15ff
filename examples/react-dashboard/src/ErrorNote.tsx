import { TrackerError, UnreachableError } from '@consolesensei/resource-tracker'

/** ErrorNote says what went wrong, and what to do about it. */
export function ErrorNote({ error, again }: { error: Error; again?: () => void }) {
  return (
    <div role="alert" className="note bad">
      <p><strong>{headline(error)}</strong></p>
      <p>{error.message}</p>
      {error instanceof TrackerError && error.requestId && <p className="hint">Request {error.requestId}</p>}
      {again && <button type="button" onClick={again}>Try again</button>}
    </div>
  )
}

function headline(error: Error): string {
  if (error instanceof UnreachableError) return 'The server does not answer.'
  if (!(error instanceof TrackerError)) return 'Something went wrong.'
  if (error.status === 401) return 'You are no longer signed in. Reload the page.'
  if (error.status === 403) return 'You may not do this.'
  if (error.status === 422) return 'The request is not right.'
  if (error.status === 429) return `That is too much at once.${error.retryAfter ? ` Try again in ${Math.ceil(error.retryAfter)} s.` : ''}`
  return 'The server refused.'
}
