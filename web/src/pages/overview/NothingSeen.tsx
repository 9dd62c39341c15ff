import { useAccount } from '../../api/account'
import { useMay } from '../../api/session'
import { plural } from '../../ui/format'
import { Empty } from '../../ui/States'
import { To } from '../../ui/To'

/** NothingSeen stands where no scan has seen anything yet. */
export function NothingSeen({ pending }: { pending: number }) {
  const account = useAccount()
  const mayScan = useMay('scan')
  return (
    <Empty title={account ? `No scan has seen anything of ${account} yet` : 'No scan has seen anything yet'}>
      {pending > 0 ? `${plural(pending, 'scan')} ended and will be here in a moment. ` : ''}
      {mayScan ? <To to="/scans">{account ? 'Scans' : 'Start the first scan'}</To> : 'Somebody with the role operator can start one.'}
    </Empty>
  )
}
