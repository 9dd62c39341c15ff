import { hasEnded } from '@consolesensei/resource-tracker'
import { useQuery } from '@tanstack/react-query'
import { tracker } from './tracker'

/** useJob is a scan or an access check, asked for again until it has ended. */
export const useJob = (id: string) => useQuery({
  queryKey: ['job', id],
  queryFn: ({ signal }) => tracker.jobs.get(id, { signal }),
  refetchInterval: (query) => (query.state.data && hasEnded(query.state.data.state) ? false : 1_500),
})

/** useTypes is the catalogue of what is scanned. */
export const useTypes = () => useQuery({ queryKey: ['types'], queryFn: ({ signal }) => tracker.types({ signal }), staleTime: Infinity })
