import { isMoving } from '@consolesensei/resource-tracker'
import { Button, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { AccountUnknown, MayBeOfAnother } from '../../ui/AccountUnknown'
import { Frame } from '../../ui/Frame'
import { count, moment, money, since } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { nameOf } from './name'

/** Plans lists plans, the newest first. */
export default function Plans() {
  const account = useAccount()
  const pages = useInfiniteQuery({
    queryKey: ['plans', 'list', account],
    queryFn: ({ pageParam, signal }) => tracker.plans.page({ ...ofAccount(account), limit: 25, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => (query.state.data?.pages[0]?.plans.some((plan) => plan.state !== 'scheduled' && isMoving(plan.state)) ? 2_000 : 30_000),
  })
  const plans = pages.data?.pages.flatMap((page) => page.plans)
  return (
    <Stack gap="md">
      <Heading title="Plans" />
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {!plans && pages.isPending && <Loading what="the plans" height={320} />}
      {plans?.length === 0 && account && <Empty title={`No plan is of this account${pages.hasNextPage ? ' among the newest' : ''}`} />}
      {plans && <AccountUnknown rows={plans}>Which account a plan is about is known once a worker has entered it.</AccountUnknown>}
      {plans?.length === 0 && !account && <Empty title="There is no plan yet"><To to="/savings">Select findings</To> to make one. Making a plan changes nothing.</Empty>}
      {plans && plans.length > 0 && (
        <Frame name="Plans" width={640}>
          <Table>
            <thead><tr><th>Plan</th><th>State</th><th className="number">Items</th><th className="number">Saves a month</th><th>Made</th></tr></thead>
            <tbody>
              {plans.map((plan) => (
                <tr key={plan.plan_id}>
                  <td><To to="/plans/$id" params={{ id: plan.plan_id }}>{nameOf(plan)}</To>{plan.account_id && <Text size="xs">{plan.account_id}</Text>}<MayBeOfAnother row={plan} /></td>
                  <td><StateBadge state={plan.state} />{plan.apply_at && plan.state === 'scheduled' && <Text size="xs">for {moment(plan.apply_at)}</Text>}{plan.state === 'planned' && plan.approval.required && !plan.approval.by && <Text size="xs">waits for approval</Text>}</td>
                  <td className="number">{count(plan.totals.items)}</td>
                  <td className="number">{money(plan.totals.monthly_saving)}{plan.totals.saving_unknown > 0 && <Text size="xs">+ {count(plan.totals.saving_unknown)} unknown</Text>}</td>
                  <td>{since(plan.created_at)}<Text size="xs">by {plan.author}</Text></td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Frame>
      )}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>Older plans</Button>}
    </Stack>
  )
}
