import { SimpleGrid, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { Asked, Heading } from '../../ui/States'
import { Partial } from '../../ui/Partial'
import { BudgetBars } from './BudgetBars'
import { Changes } from './Changes'
import { CostMap } from './CostMap'
import { Dearest } from './Dearest'
import { FailingSchedules } from './FailingSchedules'
import { Figures } from './Figures'
import { NewestFindings } from './NewestFindings'
import { NothingSeen } from './NothingSeen'
import { Trend } from './Trend'
import { Where } from './Where'

/** Overview is what there is, what it costs, what of that is waste, and how much of it is known. */
export default function Overview() {
  const account = useAccount()
  const groups = useQuery({
    queryKey: ['inventory', 'groups', account, 'service,type', undefined],
    queryFn: ({ signal }) => tracker.inventory.groups({ ...ofAccount(account), by: ['service', 'type', 'basis'], top: 10_000 }, { signal }),
    refetchInterval: (query) => ((query.state.data?.pending_scans.length ?? 0) > 0 ? 3_000 : false),
  })
  return (
    <Stack gap="md">
      <Heading title="Overview" />
      <Asked query={groups} what="the inventory" height={420}>
        {(data) => data.coverage.cells === 0 ? <NothingSeen pending={data.pending_scans.length} /> : (
          <>
            <Partial coverage={data.coverage} pending={data.pending_scans} />
            <Figures total={data.total} coverage={data.coverage} />
            <CostMap groups={data.groups} />
            <Trend />
            <Where />
            <SimpleGrid cols={{ base: 1, lg: 2 }}>
              <BudgetBars />
              <Changes />
              <NewestFindings />
              <FailingSchedules />
            </SimpleGrid>
            <Dearest />
          </>
        )}
      </Asked>
    </Stack>
  )
}
