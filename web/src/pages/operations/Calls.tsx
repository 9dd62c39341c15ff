import { Stack, Table, Text, Title } from '@mantine/core'
import { count, share } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Empty } from '../../ui/States'
import { groups, type Metrics, sum } from './metrics'

// Codes by which AWS says that calls come too fast.
const throttle = /throttl|RequestLimitExceeded|TooManyRequests|SlowDown|BandwidthLimit|RequestThrottled/i
const good = new Set(['OK', 'DryRunOperation'])
const seconds = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2, minimumFractionDigits: 2 })

/** Calls is what workers of this process have asked AWS, how long calls waited for their budget, and what AWS throttled. */
export function Calls({ now }: { now: Metrics }) {
  const calls = now.of('aws_calls_total')
  const rows = groups(calls, 'service').map((service) => {
    const own = calls.filter((one) => one.labels['service'] === service)
    const waits = sum(now.of('aws_budget_wait_seconds_count', { service }))
    return {
      service, calls: sum(own), throttled: sum(own.filter((one) => throttle.test(one.labels['code'] ?? ''))), failed: sum(own.filter((one) => !good.has(one.labels['code'] ?? ''))),
      wait: waits > 0 ? sum(now.of('aws_budget_wait_seconds_sum', { service })) / waits : undefined,
    }
  }).sort((a, b) => b.calls - a.calls)
  const throttled = rows.reduce((all, row) => all + row.throttled, 0)
  const all = rows.reduce((total, row) => total + row.calls, 0)
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">Calls to AWS</Title>
      {rows.length === 0 ? <Empty title="This process has called AWS for nothing">Workers in processes of their own tell their calls at their own /metrics.</Empty> : (
        <>
          <Text size="sm">{count(all)} calls since this process began; AWS throttled {count(throttled)} ({share(throttled / all)}). Workers in processes of their own tell theirs at their own /metrics.</Text>
          <Frame name="Calls to AWS" width={560}>
            <div className="scroll" tabIndex={0} role="region" aria-label="Calls to AWS, by service">
              <Table stickyHeader>
                <Table.Thead><Table.Tr><Table.Th>Service</Table.Th><Table.Th className="number">Calls</Table.Th><Table.Th className="number">Throttled</Table.Th><Table.Th className="number">Not answered well</Table.Th><Table.Th className="number">Waits for its budget, seconds</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {rows.map((row) => (
                    <Table.Tr key={row.service}>
                      <Table.Th scope="row">{row.service}</Table.Th>
                      <Table.Td className="number">{count(row.calls)}</Table.Td><Table.Td className="number">{count(row.throttled)}</Table.Td><Table.Td className="number">{count(row.failed)}</Table.Td>
                      <Table.Td className="number">{row.wait === undefined ? 'not known' : seconds.format(row.wait)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          </Frame>
          <Text size="xs">A budget keeps calls below AWS's limits: waiting is its work. Throttled calls are tried again more slowly; many of them mean that others call AWS in the same account.</Text>
        </>
      )}
    </Stack>
  )
}
