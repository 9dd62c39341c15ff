import type { LiveFinding } from '@consolesensei/resource-tracker'
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ofAccount, useAccount } from '../../api/account'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { count, money, plural } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Partial } from '../../ui/Partial'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { Acknowledge } from './Acknowledge'
import { FindingTable } from './FindingTable'
import { Filters } from './Filters'
import { Groups } from './Groups'
import { narrowOf } from './search'
import { Selection } from './Selection'

/** Savings lists what could be saved. What is selected becomes a plan, which is looked at before anything changes. Of another account nothing stays selected. */
export default function Savings() {
  return <Of key={useAccount()} />
}

function Of() {
  const search = useSearch({ from: '/shell/savings' })
  const navigate = useNavigate({ from: '/savings' })
  const mayPlan = useMay('plan')
  const [selected, setSelected] = useState<Map<string, LiveFinding>>(new Map())
  const [acknowledged, setAcknowledged] = useState<LiveFinding>()
  const { by, ...narrowed } = search
  const tags = useQuery({
    queryKey: ['inventory', 'tags', search.account, 'savings'], queryFn: ({ signal }) => tracker.inventory.tags(ofAccount(search.account), { signal }),
  })
  const pages = useInfiniteQuery({
    queryKey: ['findings', 'list', narrowed],
    queryFn: ({ pageParam, signal }) => tracker.liveFindings.page({ ...narrowOf(narrowed), sort: '-saving', limit: 100, cursor: pageParam }, { signal }),
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
      <Filters search={search} tags={tags.data?.keys.slice(0, 50).map((one) => one.key) ?? []} onChange={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })} />
      {sum && sum.unconfirmed > 0 && (
        <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title={`${plural(sum.unconfirmed, 'finding')} could not be confirmed`}>
          <Text size="sm">The newest scan did not see enough to decide on them. They stay as they were, in the sum too, and are marked below.</Text>
        </Alert>
      )}
      {tags.data && <Partial coverage={tags.data.coverage} pending={tags.data.pending_scans} />}
      {by && <Groups search={narrowed} by={by} />}
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {!findings && pages.isPending && <Loading what="the findings" height={420} />}
      {findings?.length === 0 && <Empty title="There are no such findings">{tags.data?.coverage.cells === 0 && 'No scan has seen anything yet. '}A scan looks for savings before it ends. With metrics it finds what is idle, too.</Empty>}
      {findings && findings.length > 0 && (
        <FindingTable findings={findings} selected={mayPlan ? selected : undefined} onSelect={select} onAcknowledge={mayPlan ? setAcknowledged : undefined} />
      )}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>More findings</Button>}
      {mayPlan && findings && <Selection selected={selected} shown={findings} onChange={setSelected} />}
      {acknowledged && <Acknowledge finding={acknowledged} onClose={() => setAcknowledged(undefined)} />}
    </Stack>
  )
}
