import { hasEnded } from '@consolesensei/resource-tracker'
import { useQuery } from '@tanstack/react-query'
import { tracker } from './tracker'

/** useJob is a scan or an access check, asked for again until it has ended. */
export const useJob = (id: string) => useQuery({
  queryKey: ['job', id],
  queryFn: ({ signal }) => tracker.jobs.get(id, { signal }),
  refetchInterval: (query) => (query.state.data && hasEnded(query.state.data.state) ? false : 1_500),
})

/** useCounted is the newest scan that has ended and says how many calls to AWS it took; null where none of the newest does. */
export const useCounted = () => useQuery({
  queryKey: ['jobs', 'counted'],
  queryFn: async ({ signal }) => {
    const { jobs } = await tracker.jobs.page({ state: ['succeeded', 'partial'], limit: 20 }, { signal })
    return jobs.find((job) => job.kind === 'scan' && job.calls !== null && job.progress.cells_closed > 0) ?? null
  },
})

/** useTypes is the catalogue of what is scanned. */
export const useTypes = (isWanted = true) => useQuery({ queryKey: ['types'], queryFn: ({ signal }) => tracker.types({ signal }), enabled: isWanted, staleTime: Infinity })

/** useActions is the catalogue of what can be done, by type. */
export const useActions = () => useQuery({ queryKey: ['actions'], queryFn: ({ signal }) => tracker.actions({ signal }), staleTime: 3_600_000 })
