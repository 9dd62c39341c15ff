import { type Tracker, TrackerError } from '@consolesensei/resource-tracker'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { ErrorNote } from './ErrorNote'
import { connect } from './service'
import { SignIn } from './SignIn'

const TrackerContext = createContext<Tracker | undefined>(undefined)

/** useTracker is the client of whoever is signed in. */
export function useTracker(): Tracker {
  const tracker = useContext(TrackerContext)
  if (!tracker) throw new Error('useTracker needs a TrackerProvider')
  return tracker
}

/** TrackerProvider shows its children to whom the API knows, and a sign-in to others. A typed key stays in memory. */
export function TrackerProvider({ children }: { children: ReactNode }) {
  const [tracker, setTracker] = useState(connect)
  const [isTyped, setTyped] = useState(false)
  const [who, setWho] = useState<string>()
  const [error, setError] = useState<Error>()
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    const left = new AbortController()
    tracker.whoami({ signal: left.signal }).then(
      (answer) => setWho(answer.name || answer.who),
      (cause: Error) => left.signal.aborted || setError(cause),
    )
    return () => left.abort()
  }, [tracker, attempt])

  const signIn = (key: string) => {
    setError(undefined)
    setTyped(true)
    setTracker(connect(key))
  }
  const again = () => {
    setError(undefined)
    setAttempt(attempt + 1)
  }
  if (error instanceof TrackerError && error.status === 401) {
    const loginURL = tracker.sessions.loginURL(location.pathname)
    return <SignIn refused={isTyped ? error.message : undefined} onKey={signIn} loginURL={loginURL} />
  }
  if (error) return <main><ErrorNote error={error} again={again} /></main>
  if (who === undefined) return <main><p role="status">Connecting…</p></main>
  return (
    <TrackerContext value={tracker}>
      <p className="who">Signed in as {who}</p>
      {children}
    </TrackerContext>
  )
}
