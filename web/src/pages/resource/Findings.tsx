import type { LiveFinding } from '@consolesensei/resource-tracker'
import { Badge, Button, Card, Code, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { moment, money, since, words } from '../../ui/format'
import { Empty, Failed, Loading } from '../../ui/States'
import { To } from '../../ui/To'
import type { Subject } from './subject'

/** Findings is what was found about a resource: what is open, what somebody left as it is and why, and what is resolved. */
export function Findings({ subject: { key, one } }: { subject: Subject }) {
  const pages = useInfiniteQuery({
    queryKey: ['findings', 'of', key],
    queryFn: ({ pageParam, signal }) => tracker.liveFindings.page({
      state: 'all', resource_id: one.resource_id, resource_type: [one.resource_type], account_id: [one.account_id], region: [one.region], sort: '-opened', limit: 50, cursor: pageParam,
    }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
  })
  const findings = pages.data?.pages.flatMap((page) => page.findings)
  if (!findings) return pages.isError ? <Failed error={pages.error} again={() => void pages.refetch()} /> : <Loading what="the findings" height={200} />
  return (
    <Stack gap="sm">
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {findings.length === 0 && <Empty title="Nothing was found about it">Rules that need metrics look at it only in scans that read them.</Empty>}
      {findings.map((finding) => <One key={finding.finding_id} finding={finding} />)}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>More findings</Button>}
    </Stack>
  )
}

function One({ finding }: { finding: LiveFinding }) {
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>{finding.title}</Text>
        <Badge color={finding.state === 'open' ? 'orange.9' : finding.state === 'resolved' ? 'teal.9' : 'gray.7'} style={{ '--badge-color': '#fff' }}>{finding.state}</Badge>
      </Group>
      <Text size="sm">
        {finding.state === 'resolved'
          ? <>Resolved {moment(finding.resolved_at)}: {finding.resolution === 'gone' ? 'the resource is gone' : 'repaired'}. It saves {money(finding.realised_saving)} a month.</>
          : <>Would save {money(finding.monthly_saving)} a month{!finding.counted && ', not in the sum'}. Confidence {finding.confidence}, risk {finding.risk}.</>}
      </Text>
      <Text size="xs">Opened {since(finding.opened_at)}{finding.reopened > 0 && `, came back ${finding.reopened} times`}. {finding.unconfirmed && 'The newest scan has not decided on it.'}</Text>
      {finding.acknowledgement && <Text size="sm">Left as it is by {finding.acknowledgement.by}: {finding.acknowledgement.reason}</Text>}
      {finding.held && <Text size="sm">{finding.held}</Text>}
      <details>
        <summary><Text size="xs" component="span">Evidence</Text></summary>
        <Text size="xs">{finding.basis}</Text>
        {Object.entries(finding.evidence).map(([name, value]) => <Text size="xs" key={name}>{words(name)}: <Code>{JSON.stringify(value)}</Code></Text>)}
        {finding.risk_note && <Text size="xs">{finding.risk_note}</Text>}
      </details>
      <To to="/savings" search={{ rule: finding.rule, state: finding.state }} size="sm" py={4} display="inline-block">All findings of {words(finding.rule)}</To>
    </Card>
  )
}
