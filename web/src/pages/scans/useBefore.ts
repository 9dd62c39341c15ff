import { hasEnded, type Job, TrackerError } from '@consolesensei/resource-tracker'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'

// So many of the newest scans are looked through for the one before, and so many of them are tried.
export const looked = 100
const tried = 5

const isMissing = (error: unknown, id: string): boolean => error instanceof TrackerError && error.status === 404 && error.message.includes(id)

/** isWhole says whether the history takes a scan in: what a selection leaves out is not gone. */
export const isWhole = ({ request }: Pick<Job, 'request'>): boolean =>
  Object.keys(request.tags ?? {}).length === 0 && Object.keys(request.filter ?? {}).length === 0

/**
 * useBefore is a scan's difference to the newest one before it of the same accounts, or null where there is none. The history takes a scan in some seconds after its
 * end, so it is asked again. A scan that it never took in, such as one with a filter, is passed over.
 */
export const useBefore = (job: Job, accounts: string[]) => useQuery({
  queryKey: ['scan-before', job.job_id, job.finished_at, accounts.join()],
  queryFn: async ({ signal }) => {
    const { jobs } = await tracker.jobs.page({ limit: looked }, { signal })
    const earlier = jobs.filter((one) => one.kind === 'scan' && hasEnded(one.state) && one.created_at < job.created_at && Object.keys(one.cost_summary.by_account).some((id) => accounts.includes(id)))
    for (const one of earlier.slice(0, tried)) {
      try {
        return { earlier: one, diff: await tracker.trends.diff({ from: one.job_id, to: job.job_id, limit: 1, unknown_limit: 100 }, { signal }).first() }
      } catch (error) {
        if (!isMissing(error, one.job_id)) throw error
      }
    }
    return null
  },
  retry: (count, error) => isMissing(error, job.job_id) && count < 10,
  retryDelay: 2_000,
  enabled: accounts.length > 0 && isWhole(job),
})
