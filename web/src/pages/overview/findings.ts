import { useQuery } from '@tanstack/react-query'
import { useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'

/** useCounted are the newest of the findings that count, with the sum of all of them. */
export function useCounted() {
  const account = useAccount()
  return useQuery({
    queryKey: ['findings', 'newest', account],
    queryFn: ({ signal }) => tracker.liveFindings.page({ ...(account && { account_id: [account] }), sort: '-opened', limit: 6, counted: true }, { signal }),
  })
}
