import { useEffect, useState } from 'react'

/** useAnswer asks once, and again when ask changes, which has to be stable (useCallback). */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>): { answer?: T; error?: Error } {
  const [state, setState] = useState<{ answer?: T; error?: Error }>({})
  useEffect(() => {
    const left = new AbortController()
    setState({})
    ask(left.signal).then(
      (answer) => left.signal.aborted || setState({ answer }),
      (error: Error) => left.signal.aborted || setState({ error }),
    )
    return () => left.abort()
  }, [ask])
  return state
}
