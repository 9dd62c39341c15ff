import { useAccount } from '../../api/account'
import { Empty } from '../../ui/States'

/** NoTrend stands where no day is known. */
export const NoTrend = () => (
  <Empty title="No day is known yet">
    {useAccount() ? 'The account has no trend: no scan saw what costs something in it, or a hundred others cost more.' : 'The first scan begins the trend.'}
  </Empty>
)
