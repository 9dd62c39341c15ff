import { Button, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ofAccount, useAccount } from '../../api/account'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { zone } from '../../ui/format'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { AccountNotKnown } from './AccountNotKnown'
import { Failing } from './Failing'
import { ScheduleDrawer } from './ScheduleDrawer'
import { ScheduleForm } from './ScheduleForm'
import { ScheduleTable } from './ScheduleTable'

/** Schedules lists what is done again and again: when it comes, how it went last, and what could not be started. The address holds the one that is open. */
export default function Schedules() {
  const { schedule } = useSearch({ from: '/shell/schedules' })
  const navigate = useNavigate({ from: '/schedules' })
  const account = useAccount()
  const maySchedule = useMay('schedule')
  const [isAdding, setIsAdding] = useState(false)
  const pages = useInfiniteQuery({
    queryKey: ['schedules', 'list', account],
    queryFn: ({ pageParam, signal }) => tracker.schedules.page({ ...ofAccount(account), limit: 25, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 30_000,
  })
  const schedules = pages.data?.pages.flatMap((page) => page.schedules)
  const open = (id: string | undefined) => void navigate({ search: { schedule: id } })
  return (
    <Stack gap="md">
      <Heading title="Schedules">{maySchedule && <Button onClick={() => setIsAdding(true)}>Add a schedule</Button>}</Heading>
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {!schedules && pages.isPending && <Loading what="the schedules" height={320} />}
      {schedules?.length === 0 && account && <Empty title={`No schedule is of this account${pages.hasNextPage ? ' among the oldest' : ''}`} />}
      {schedules?.length === 0 && !account && (
        <Empty title="There is no schedule yet">{maySchedule ? 'Add one, so that what is known stays fresh without anybody who asks.' : 'Somebody with the role operator can add one.'}</Empty>
      )}
      {schedules && schedules.length > 0 && (
        <>
          <AccountNotKnown schedules={schedules} />
          <Failing schedules={schedules} />
          <ScheduleTable schedules={schedules} />
          <Text size="xs">Next and last runs are in {zone}. A schedule comes by the clock of its own zone.</Text>
        </>
      )}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>More schedules</Button>}
      <ScheduleDrawer id={schedule} onClose={() => open(undefined)} />
      {isAdding && <ScheduleForm onClose={() => setIsAdding(false)} onSaved={(saved) => { setIsAdding(false); open(saved.schedule_id) }} />}
    </Stack>
  )
}
