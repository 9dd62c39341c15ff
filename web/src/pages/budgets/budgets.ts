import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'

/** useBudgets are the budgets and how each stands. One that is not reckoned yet is asked for again. */
export const useBudgets = () => useQuery({
  queryKey: ['budgets'],
  queryFn: ({ signal }) => tracker.trends.budgets({ signal }),
  refetchInterval: (query) => (query.state.data?.some((one) => one.standing.state === 'unknown') ? 5_000 : 60_000),
})
