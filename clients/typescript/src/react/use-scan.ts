import { useCallback, useEffect, useRef, useState } from 'react'
import { hasEnded, type Job, type RegionProgress, type ScanProgress, type ScanRequest, type Tracker, watchScan, type WatchOptions } from '../index.js'

export interface UseScan {
  /** 'idle' before the first scan, 'error' when the scan could not be started or followed. */
  status: 'idle' | 'starting' | 'running' | 'ended' | 'error'
  job: Job | undefined
  regions: RegionProgress[]
  /** How the progress reaches the page. */
  connection: ScanProgress['connection']
  error: Error | undefined
  /** start begins a scan. The hook keeps no credentials. */
  start: (request: ScanRequest) => Promise<void>
  /** watch follows a scan that runs already, or has ended, such as after a reload. */
  watch: (jobId: string) => void
  cancel: () => Promise<void>
}

interface State {
  status: UseScan['status']
  progress: ScanProgress
  error?: Error
}

const idle: State = { status: 'idle', progress: { job: undefined, regions: [], connection: 'connecting' } }

/** useScan starts a scan and shows it as it runs. It stops following when the component goes; the scan goes on. */
export function useScan(tracker: Tracker, options: Pick<WatchOptions, 'mode' | 'every'> = {}): UseScan {
  const [state, setState] = useState<State>(idle)
  const running = useRef<AbortController>(undefined)
  const { mode, every } = options

  // turn ends what was followed before; only the newest one may set the state.
  const turn = useCallback((status: State['status']): AbortSignal => {
    running.current?.abort()
    running.current = new AbortController()
    setState({ ...idle, status })
    return running.current.signal
  }, [])
  useEffect(() => () => running.current?.abort(), [])

  const follow = useCallback(async (jobId: string, signal: AbortSignal) => {
    const tell = (progress: ScanProgress) => {
      if (!signal.aborted) setState({ status: progress.job && hasEnded(progress.job.state) ? 'ended' : 'running', progress })
    }
    await watchScan(tracker, jobId, tell, { mode, every, signal })
  }, [tracker, mode, every])

  const attempt = useCallback(async (signal: AbortSignal, work: () => Promise<void>) => {
    try {
      await work()
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause))
      if (!signal.aborted) setState((before) => ({ ...before, status: 'error', error }))
    }
  }, [])

  const start = useCallback(async (request: ScanRequest) => {
    const signal = turn('starting')
    await attempt(signal, async () => follow((await tracker.scan(request, { signal })).job_id, signal))
  }, [tracker, turn, attempt, follow])

  const watch = useCallback((jobId: string) => {
    const signal = turn('running')
    void attempt(signal, () => follow(jobId, signal))
  }, [turn, attempt, follow])

  const jobId = state.progress.job?.job_id
  const cancel = useCallback(async () => {
    if (jobId === undefined) return
    await tracker.jobs.cancel(jobId).catch((error: Error) => setState((before) => ({ ...before, error })))
  }, [tracker, jobId])

  return { status: state.status, ...state.progress, error: state.error, start, watch, cancel }
}
