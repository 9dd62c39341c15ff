import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { moment, plural, words } from '../../ui/format'
import { Failed } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'

/** AuditLines is what the audit says about a resource, and how far back it was read. */
export function AuditLines({ resourceKey, newest }: { resourceKey: string; newest: Schemas['LifeAudit'] }) {
  const older = useInfiniteQuery({
    queryKey: ['life', 'audit', resourceKey, newest.next_before],
    queryFn: async ({ pageParam, signal }) => (await tracker.inventory.historyPage(resourceKey, { limit: 1, audit_before: pageParam }, { signal })).audit,
    initialPageParam: newest.next_before,
    getNextPageParam: (page) => page.next_before,
    enabled: false,
  })
  const pages = [newest, ...(older.data?.pages ?? [])]
  const events = pages.flatMap((page) => page.events)
  const last = pages.at(-1)!
  const read = pages.reduce((all, page) => all + page.lines_read, 0)
  const since = pages.findLast((page) => page.read_since)?.read_since
  return (
    <div>
      <Title order={3} size="h5">Audit</Title>
      <Text size="sm">
        {plural(events.length, 'line')} about it or its plans. {plural(read, 'line')} of the audit {read === 1 ? 'was' : 'were'} read{since && `, back to ${moment(since)}`}:{' '}
        {last.complete ? 'all that are kept.' : <strong>there are older ones.</strong>}
      </Text>
      {events.length > 0 && (
        <Frame name="Audit" width={480}>
          <Table verticalSpacing={4}>
            <thead><tr><th>When</th><th>Who</th><th>What</th></tr></thead>
            <tbody>
              {events.map((event) => (
                <tr key={event.event_id}>
                  <td>{moment(event.at)}</td>
                  <td>{event.who}{event.from && <Text size="xs">from {event.from}</Text>}</td>
                  <td>
                    {event.plan_id ? <To to="/plans/$id" params={{ id: event.plan_id }} size="sm">{words(event.what)}</To> : words(event.what)}
                    {event.target && `: ${event.target.action}`}{event.step && `, step ${words(event.step)}`}
                    {event.detail && <Text size="xs" style={{ overflowWrap: 'anywhere' }}>{event.detail}</Text>}
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Frame>
      )}
      {older.isError && <Failed error={older.error} />}
      {!last.complete && (
        <Button mt="xs" size="xs" variant="default" loading={older.isFetching} onClick={() => void (older.data ? older.fetchNextPage() : older.refetch())}>Look further back</Button>
      )}
    </div>
  )
}
