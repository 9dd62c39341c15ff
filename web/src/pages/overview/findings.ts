import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'

/** useCounted are the newest of the findings that count, with the sum of all of them. */
export const useCounted = () => useQuery({
  queryKey: ['findings', 'newest'],
  queryFn: ({ signal }) => tracker.liveFindings.page({ sort: '-opened', limit: 6, counted: true }, { signal }),
})
