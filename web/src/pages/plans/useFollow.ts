import { isMoving, type Plan } from '@consolesensei/resource-tracker'
import { useEffect, useRef, useState } from 'react'
import { tracker } from '../../api/tracker'

/** Following is how the page hears of a plan: by its events, or by asking where those cannot be had. */
export type Following = 'open' | 'lost' | 'asking' | 'ended'

const ended = ['succeeded', 'partial', 'failed', 'cancelled', 'expired']

/**
 * useFollow calls changed when something has happened to a plan, at most three times a second. A stream that is cut off goes on after the last message. A
 * tenant follows a number of streams at once: where the server has none left, the plan is asked for every two seconds.
 */
export function useFollow(id: string, state: Plan['state'] | undefined, changed: () => void): Following {
  const [following, setFollowing] = useState<Following>('open')
  const tell = useRef(changed)
  tell.current = changed
  const isOver = state !== undefined && ended.includes(state)
  const isThere = state !== undefined
  useEffect(() => {
    if (!isThere || isOver) return
    const left = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const soon = () => { timer ??= setTimeout(() => { timer = undefined; tell.current() }, 300) }
    const follow = async () => {
      const events = tracker.plans.follow(id, { signal: left.signal, onConnection: setFollowing })
      for await (const _ of events) soon()
      setFollowing('ended')
      soon()
    }
    follow().catch(() => { if (!left.signal.aborted) setFollowing('asking') })
    return () => {
      clearTimeout(timer)
      left.abort(new Error('the page was left'))
    }
  }, [id, isThere, isOver])
  useEffect(() => {
    if (following !== 'asking' || state === undefined || !isMoving(state)) return
    const timer = setInterval(() => tell.current(), 2_000)
    return () => clearInterval(timer)
  }, [following, state])
  return following
}
