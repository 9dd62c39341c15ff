import type { Query } from '@consolesensei/resource-tracker'
import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { count, moment, money, plural } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Failed, Heading, Loading } from '../../ui/States'
import { To } from '../../ui/To'
import { Approval } from './Approval'
import { Exclude } from './Exclude'
import { Instead } from './Instead'
import { Items } from './Items'
import { nameOf } from './name'
import { Reports } from './Reports'
import { useFollow } from './useFollow'
import { Verbs } from './Verbs'
import { Waves } from './Waves'
import { Why } from './Why'

type States = NonNullable<Query<'get-plan'>['item_state']>

/** Plan shows what a plan would do, carries it out, and says of each item whether AWS shows the change. */
export default function Plan() {
  const { id } = useParams({ from: '/shell/plans/$id' })
  const { items: only, instead } = useSearch({ from: '/shell/plans/$id' })
  const mayPlan = useMay('plan')
  const [excluded, setExcluded] = useState<Set<number>>(new Set())
  useEffect(() => setExcluded(new Set()), [id])
  const pages = useInfiniteQuery({
    queryKey: ['plan', id, 'items', only],
    queryFn: ({ pageParam, signal }) => tracker.plans.itemsPage(id, { limit: 200, cursor: pageParam, ...(only && { item_state: [only] as States }) }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
  })
  const plan = pages.data?.pages[0]?.plan
  const phrase = pages.data?.pages[0]?.phrase
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const again = () => void pages.refetch()
  const following = useFollow(id, plan?.state, again)
  if (!plan) return <><Heading title="Plan" />{pages.isError ? <Failed error={pages.error} again={again} /> : <Loading what="the plan" height={420} />}</>
  const refused = plan.totals.by_state['refused'] ?? 0
  const mayExclude = mayPlan && plan.state === 'planned' && !plan.undo_of && plan.totals.items > 1
  const exclude = (index: number, isLeftOut: boolean) => setExcluded((now) => new Set(isLeftOut ? [...now, index] : [...now].filter((one) => one !== index)))
  return (
    <Stack gap="md">
      <Heading title={nameOf(plan, items)}><StateBadge state={plan.state} /><Verbs plan={plan} items={items} phrase={phrase} onDone={again} /></Heading>
      {pages.isError && <Failed error={pages.error} again={again} />}
      {following === 'lost' && <Text size="sm" fw={600} role="status">The connection is lost and is being made again. What is shown is as it was last heard.</Text>}
      {following === 'asking' && <Text size="sm" role="status">The plan cannot be followed live now, and is asked for every two seconds.</Text>}
      <Group gap="lg">
        <Text size="sm" role="status">
          {plural(plan.totals.items, 'item')}, saves {money(plan.totals.monthly_saving)} a month{plan.totals.saving_unknown > 0 && `, without ${count(plan.totals.saving_unknown)} of unknown saving`}
        </Text>
        <Text size="sm">Made {moment(plan.created_at)} by {plan.author}</Text>
        {plan.apply_at && plan.state === 'scheduled' && <Text size="sm">Applied at {moment(plan.apply_at)}</Text>}
        {plan.state === 'planned' && <Text size="sm">Can be applied until {moment(plan.expires_at)}</Text>}
        {plan.undo_of && <Text size="sm">Undoes <To to="/plans/$id" params={{ id: plan.undo_of }}>another plan</To></Text>}
        {plan.undone_by && <Text size="sm">There is <To to="/plans/$id" params={{ id: plan.undone_by }}>a plan that undoes it</To></Text>}
        {instead && <Instead planId={instead} />}
        <Reports planId={plan.plan_id} />
      </Group>
      <Approval plan={plan} onDone={again} />
      <Why plan={plan} />
      {plan.state === 'planned' && <Text size="sm">Nothing has changed yet. {refused > 0 && `${plural(refused, 'item')} would be refused and ${refused === 1 ? 'is' : 'are'} left out.`}</Text>}
      {plan.state !== 'planning' && <Waves plan={plan} only={only} />}
      {plan.state === 'planning' ? <Loading what="the look at each resource" height={200} /> : <Items items={items} excluded={excluded} onExclude={mayExclude ? exclude : undefined} />}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>More items</Button>}
      {mayExclude && <Exclude plan={plan} items={items} excluded={excluded} onClear={() => setExcluded(new Set())} />}
      {plan.digest && <Text size="xs">Digest <Code className="mono">{plan.digest}</Code>: what is applied is exactly what is shown.</Text>}
    </Stack>
  )
}
