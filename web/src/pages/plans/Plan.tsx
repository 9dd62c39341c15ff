import { isMoving } from '@consolesensei/resource-tracker'
import { Alert, Code, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Button } from '@mantine/core'
import { tracker } from '../../api/tracker'
import { count, moment, money, plural } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { StateBadge } from '../../ui/StateBadge'
import { Failed, Heading, Loading } from '../../ui/States'
import { To } from '../../ui/To'
import { Items } from './Items'
import { nameOf } from './name'
import { Verbs } from './Verbs'
import { Waves } from './Waves'

/** Plan shows what a plan would do, carries it out, and says of each item whether AWS shows the change. */
export default function Plan() {
  const { id } = useParams({ from: '/shell/plans/$id' })
  const pages = useInfiniteQuery({
    queryKey: ['plan', id],
    queryFn: ({ pageParam, signal }) => tracker.plans.itemsPage(id, { limit: 200, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => {
      const plan = query.state.data?.pages[0]?.plan
      return !plan ? false : plan.state === 'scheduled' ? 30_000 : isMoving(plan.state) ? 1_000 : false
    },
  })
  const plan = pages.data?.pages[0]?.plan
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  if (!plan) return <><Heading title="Plan" />{pages.isError ? <Failed error={pages.error} again={() => void pages.refetch()} /> : <Loading what="the plan" height={420} />}</>
  const refused = plan.totals.by_state['refused'] ?? 0
  return (
    <Stack gap="md">
      <Heading title={nameOf(plan, items)}><StateBadge state={plan.state} /><Verbs plan={plan} items={items} onDone={() => void pages.refetch()} /></Heading>
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      <Group gap="lg">
        <Text size="sm" role="status">
          {plural(plan.totals.items, 'item')}, saves {money(plan.totals.monthly_saving)} a month{plan.totals.saving_unknown > 0 && `, without ${count(plan.totals.saving_unknown)} of unknown saving`}
        </Text>
        <Text size="sm">Made {moment(plan.created_at)} by {plan.author}</Text>
        {plan.apply_at && plan.state === 'scheduled' && <Text size="sm">Applied at {moment(plan.apply_at)}</Text>}
        {plan.approval.required && <Text size="sm">{plan.approval.by ? `Approved by ${plan.approval.by}` : 'Somebody else has to approve it first'}</Text>}
        {plan.undo_of && <Text size="sm">Undoes <To to="/plans/$id" params={{ id: plan.undo_of }}>another plan</To></Text>}
        {plan.undone_by && <Text size="sm">There is <To to="/plans/$id" params={{ id: plan.undone_by }}>a plan that undoes it</To></Text>}
      </Group>
      {plan.reason && <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title="Why it is so"><Text size="sm">{plan.reason}</Text></Alert>}
      {plan.state === 'planned' && <Text size="sm">Nothing has changed yet. {refused > 0 && `${plural(refused, 'item')} would be refused and ${refused === 1 ? 'is' : 'are'} left out.`}</Text>}
      {plan.state !== 'planning' && <Waves plan={plan} />}
      {plan.state === 'planning' ? <Loading what="the look at each resource" height={200} /> : <Items items={items} />}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>More items</Button>}
      {plan.digest && <Text size="xs">Digest <Code className="mono">{plan.digest}</Code>: what is applied is exactly what is shown.</Text>}
    </Stack>
  )
}
