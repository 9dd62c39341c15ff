import type { LiveFinding, Query } from '@consolesensei/resource-tracker'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { count, money, plural } from '../../ui/format'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { Acknowledge } from './Acknowledge'
import { FindingTable } from './FindingTable'
import { Filters } from './Filters'
import { MakePlan } from './MakePlan'

type Asked = Query<'list-live-findings'>

/** Savings lists what could be saved. What is selected becomes a plan, which is looked at before anything changes. */
export default function Savings() {
  const search = useSearch({ from: '/shell/savings' })
  const navigate = useNavigate({ from: '/savings' })
  const mayPlan = useMay('plan')
  const [selected, setSelected] = useState<Map<string, LiveFinding>>(new Map())
  const [acknowledged, setAcknowledged] = useState<LiveFinding>()
  const query: Asked = {
    sort: '-saving', limit: 100, state: search.state as Asked['state'], ...(search.rule && { rule: [search.rule] }),
    ...(search.confidence && { confidence: [search.confidence] as Asked['confidence'] }), ...(search.counted && { counted: search.counted === 'true' }),
  }
  const pages = useInfiniteQuery({
    queryKey: ['findings', 'list', search],
    queryFn: ({ pageParam, signal }) => tracker.liveFindings.page({ ...query, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
  })
  const findings = pages.data?.pages.flatMap((page) => page.findings)
  const sum = pages.data?.pages[0]?.summary
  const select = (finding: LiveFinding, isSelected: boolean) => setSelected((now) => {
    const next = new Map(now)
    if (isSelected) next.set(finding.finding_id, finding)
    else next.delete(finding.finding_id)
    return next
  })
  return (
    <Stack gap="md">
      <Heading title="Savings">
        {sum && <Text size="sm" role="status">{plural(sum.findings, 'finding')}, {money(sum.monthly_saving)} a month{sum.unpriced > 0 && `, without ${count(sum.unpriced)} that have no price`}</Text>}
      </Heading>
      <Filters search={search} onChange={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })} />
      {sum && sum.unconfirmed > 0 && <Text size="sm" fw={600}>{plural(sum.unconfirmed, 'finding')} could not be looked at by the newest scan. They stay as they were.</Text>}
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {!findings && pages.isPending && <Loading what="the findings" height={420} />}
      {findings?.length === 0 && <Empty title="There are no such findings">A scan looks for savings before it ends. With metrics it finds what is idle, too.</Empty>}
      {findings && findings.length > 0 && (
        <FindingTable findings={findings} selected={mayPlan ? selected : undefined} onSelect={select} onAcknowledge={mayPlan ? setAcknowledged : undefined} />
      )}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>More findings</Button>}
      {mayPlan && selected.size > 0 && (
        <Group className="selection" justify="space-between">
          <Text size="sm" fw={600}>{plural(selected.size, 'finding')} selected, {money([...selected.values()].reduce((all, one) => all + (one.counted ? one.monthly_saving ?? 0 : 0), 0))} a month</Text>
          <Group gap="xs">
            <Button variant="default" onClick={() => setSelected(new Map())}>Clear</Button>
            <MakePlan findings={[...selected.values()]} />
          </Group>
        </Group>
      )}
      {acknowledged && <Acknowledge finding={acknowledged} onClose={() => setAcknowledged(undefined)} />}
    </Stack>
  )
}
