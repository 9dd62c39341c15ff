import type { Cell } from '@consolesensei/resource-tracker'
import { useEffect, useState } from 'react'
import { tracker } from '../../api/tracker'

export interface Live { cells: Cell[]; state: 'open' | 'lost' | 'done'; error?: unknown }

/**
 * useCells are the cells of a scan as they end. A stream that is cut off goes on after the last message, and what comes in a burst is drawn at once: a tenth
 * of a second apart.
 */
export function useCells(id: string): Live {
  const [live, setLive] = useState<Live>({ cells: [], state: 'open' })
  useEffect(() => {
    const ended = new AbortController()
    const cells = new Map<string, Cell>()
    let state: Live['state'] = 'open'
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = (error?: unknown) => {
      clearTimeout(timer)
      timer = undefined
      if (!ended.signal.aborted) setLive({ cells: [...cells.values()], state, error })
    }
    const follow = async () => {
      const events = tracker.follow(id, { signal: ended.signal, onConnection: (now) => { state = now; timer ??= setTimeout(draw, 100) } })
      for await (const event of events) {
        if (event.event === 'cells') for (const cell of event.data.cells) cells.set(`${cell.account_id}/${cell.region}/${cell.resource_type}`, cell)
        timer ??= setTimeout(draw, 100)
      }
      state = 'done'
      draw()
    }
    setLive({ cells: [], state: 'open' })
    follow().catch(draw)
    return () => {
      clearTimeout(timer)
      ended.abort(new Error('the page was left'))
    }
  }, [id])
  return live
}
