import { useAccount } from '../../api/account'
import { Empty } from '../../ui/States'

/** NoTrend stands where no day is known. */
export const NoTrend = () => (
  <Empty title="No day is known yet">
    {useAccount() ? 'The account has no trend: no scan has seen anything in it.' : 'The first scan begins the trend.'}
  </Empty>
)
