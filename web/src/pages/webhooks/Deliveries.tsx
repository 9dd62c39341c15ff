import type { Delivery } from '@consolesensei/resource-tracker'
import { Button, Code, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { count, moment, plural } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Failed, Loading } from '../../ui/States'
import { Table } from '../../ui/Table'
import { wordsOf } from './events'

/** Deliveries is what was sent to a webhook, with what the receiver answered. One can be sent again, under its own ID. */
export function Deliveries({ id }: { id: string }) {
  const pages = useInfiniteQuery({
    queryKey: ['webhooks', 'deliveries', id],
    queryFn: ({ pageParam, signal }) => tracker.webhooks.deliveriesPage(id, { limit: 25, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => (query.state.data?.pages[0]?.deliveries.some((one) => one.state === 'pending') ? 2_000 : 10_000),
  })
  const replay = useMutation({
    mutationFn: (delivery: string) => tracker.webhooks.replay(id, delivery),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['webhooks'] }),
  })
  const deliveries = pages.data?.pages.flatMap((page) => page.deliveries)
  return (
    <div>
      <Title order={3} size="h5">Deliveries</Title>
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {replay.isError && <Failed error={replay.error} />}
      {!deliveries && pages.isPending && <Loading what="the deliveries" height={160} />}
      {deliveries?.length === 0 && <Text size="sm">Nothing was sent yet. Test it, to see whether it arrives. What is sent is kept for thirty days.</Text>}
      {deliveries && deliveries.length > 0 && (
        <Frame name="Deliveries" width={560}>
          <Table verticalSpacing={4}>
            <thead><tr><th>Event</th><th style={{ minWidth: 135 }}>State</th><th>Attempts</th><th>Replay</th></tr></thead>
            <tbody>
              {deliveries.map((one) => (
                <tr key={one.delivery_id}>
                  <td><Text size="sm" title={wordsOf(one.type)}>{one.type}</Text><Text size="xs">{moment(one.created_at)}</Text></td>
                  <td><StateBadge state={one.state} />{one.next_attempt_at && <Text size="xs">tried next {moment(one.next_attempt_at)}</Text>}</td>
                  <td><Attempts delivery={one} /></td>
                  <td>
                    <Button size="compact-sm" variant="default" disabled={replay.isPending} onClick={() => replay.mutate(one.delivery_id)} aria-label={`Replay ${one.type} of ${moment(one.created_at)}`}>Replay</Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Frame>
      )}
      {pages.hasNextPage && <Button variant="default" size="xs" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>Older deliveries</Button>}
    </div>
  )
}

/** Attempts are how often it was tried, how the last try went, and all of them where somebody asks. */
function Attempts({ delivery: { delivery_id, attempts } }: { delivery: Delivery }) {
  const last = attempts.at(-1)
  if (!last) return <Text size="sm">none yet</Text>
  return (
    <details>
      <summary><Text size="sm" component="span">{plural(attempts.length, 'attempt')}, {outcome(last)}</Text></summary>
      {attempts.map((one, index) => (
        <div key={`${one.at}/${index}`}>
          <Text size="xs">{moment(one.at)}: {outcome(one)}, {count(one.duration_ms)} ms</Text>
          {one.error && <Text size="xs">{one.error}</Text>}
          {one.answer && <Code block tabIndex={0} aria-label="How the answer begins">{one.answer}</Code>}
        </div>
      ))}
      <Text size="xs">webhook-id <Code>{delivery_id}</Code></Text>
    </details>
  )
}

const outcome = (attempt: Delivery['attempts'][number]): string => (attempt.status ? `answered ${attempt.status}` : attempt.error ? 'no answer' : 'sent')
