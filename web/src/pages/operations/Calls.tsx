import type { Schemas } from '@consolesensei/resource-tracker'
import { Badge, Stack, Text, Title } from '@mantine/core'
import { count, moment, plural, share } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Empty } from '../../ui/States'
import { Table } from '../../ui/Table'

const seconds = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2, minimumFractionDigits: 2 })
const silent = 60_000

/** Calls is what all workers have asked AWS for, how long calls waited for their budgets, what AWS throttled, and who tells it. */
export function Calls({ calls, at }: { calls?: Schemas['CallsToAWS']; at: string }) {
  if (!calls) return <Stack gap="xs"><Title order={2} size="h4">Calls to AWS</Title><Empty title="Nothing is known of the calls">What workers told of them cannot be read from Redis.</Empty></Stack>
  const all = calls.services.reduce((sum, one) => sum + one.today.calls, 0)
  const throttled = calls.services.reduce((sum, one) => sum + one.today.throttled, 0)
  const quiet = calls.processes.filter((one) => Date.parse(at) - Date.parse(one.told_at) > silent)
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">Calls to AWS</Title>
      {calls.services.length === 0 ? <Empty title="No worker has called AWS today">Today began at midnight UTC. Workers tell of their calls every ten seconds.</Empty> : (
        <>
          <Text size="sm">{count(all)} calls of all workers since midnight UTC; AWS throttled {count(throttled)} ({share(all ? throttled / all : 0)}). The last hour is since {moment(calls.hour_since)}.</Text>
          <Frame name="Calls to AWS" width={760}>
            <div className="scroll" tabIndex={0} role="region" aria-label="Calls to AWS, by service">
              <Table stickyHeader>
                <thead><tr><th>Service</th><th className="number">Calls today</th><th className="number">Last hour</th><th className="number">Throttled today</th><th className="number">Last hour</th><th className="number">Failed otherwise today</th><th className="number">Put off by its budget today</th><th className="number">Wait for its budget, seconds a call</th></tr></thead>
                <tbody>
                  {calls.services.map(({ service, today, last_hour: hour }) => (
                    <tr key={service}>
                      <th scope="row">{service}</th>
                      <td className="number">{count(today.calls)}</td><td className="number">{count(hour.calls)}</td>
                      <td className="number">{count(today.throttled)}</td><td className="number">{count(hour.throttled)}</td>
                      <td className="number">{count(today.failed)}</td><td className="number">{count(today.unsent)}</td>
                      <td className="number">{today.calls + today.unsent > 0 ? seconds.format(today.waited_seconds / (today.calls + today.unsent)) : 'none'}</td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </div>
          </Frame>
        </>
      )}
      <Text size="sm">{plural(calls.processes.length, 'process', 'processes')} of workers {calls.processes.length === 1 ? 'tells' : 'tell'} of calls.</Text>
      {quiet.map((one) => (
        <Text size="sm" key={one.id}><Badge color="red.9">silent</Badge> {one.host}, process {one.pid}, told last {moment(one.told_at)}. It died, or cannot reach Redis: what it called since is not counted. Look whether it runs.</Text>
      ))}
      <Text size="xs">A budget keeps calls below AWS's limits: waiting is its work. Throttled calls are tried again more slowly; many of them mean that others call AWS in the same account.</Text>
    </Stack>
  )
}
