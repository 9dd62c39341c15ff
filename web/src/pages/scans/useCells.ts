import { type Cell, hasEnded } from '@consolesensei/resource-tracker'
import { useEffect, useState } from 'react'
import { tracker } from '../../api/tracker'

export interface Live { cells: Cell[]; state: 'open' | 'lost' | 'stopped' | 'done'; error?: unknown; again: () => void }

const none = (): void => undefined

/**
 * useCells are the cells of a scan as they end. A stream that is cut off goes on after the last message; a computer that wakes up, or is connected again, does not wait
 * for the next try. What comes in a burst is drawn at once: a tenth of a second apart. When the scan has ended, the cells are those that the API lists, whatever was
 * told of them. A turn is a try of the scan: with the next one it is followed anew.
 */
export function useCells(id: string, turn = 0): Live {
  const [live, setLive] = useState<Live>({ cells: [], state: 'open', again: none })
  useEffect(() => {
    const left = new AbortController()
    const cells = new Map<string, Cell>()
    let attempt = new AbortController()
    let after: string | undefined
    let state: Live['state'] = 'open'
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = (error?: unknown) => {
      clearTimeout(timer)
      timer = undefined
      if (!left.signal.aborted) setLive({ cells: [...cells.values()], state, error, again })
    }
    const soon = () => { timer ??= setTimeout(draw, 100) }
    const take = (list: Cell[]) => list.forEach((cell) => {
      const key = `${cell.account_id}/${cell.region}/${cell.resource_type}`
      // One without an outcome is open: a retry has opened it again.
      if (cell.outcome) cells.set(key, cell)
      else cells.delete(key)
    })
    const follow = async (signal: AbortSignal) => {
      const events = tracker.follow(id, { after, signal, onConnection: (now) => { state = now; soon() } })
      for await (const event of events) {
        if (event.event === 'cells') take(event.data.cells)
        if (event.event === 'job' && hasEnded(event.data.state)) break
        after = event.id ?? after
        soon()
      }
      const { cells: seen } = await tracker.jobs.coverage(id, {}, { signal })
      cells.clear()
      take(seen)
      state = 'done'
      draw()
    }
    const run = async () => {
      for (;;) {
        attempt = new AbortController()
        try {
          return await follow(AbortSignal.any([left.signal, attempt.signal]))
        } catch (error) {
          if (left.signal.aborted) return
          if (attempt.signal.aborted) continue
          state = 'stopped'
          return draw(error)
        }
      }
    }
    const again = () => {
      if (state === 'lost') attempt.abort(new Error('again, now'))
      if (state !== 'stopped') return
      state = 'lost'
      void run()
    }
    const wake = () => { if (document.visibilityState === 'visible') again() }
    setLive({ cells: [], state, again })
    void run()
    window.addEventListener('online', wake)
    document.addEventListener('visibilitychange', wake)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('online', wake)
      document.removeEventListener('visibilitychange', wake)
      left.abort(new Error('the page was left'))
    }
  }, [id, turn])
  return live
}
