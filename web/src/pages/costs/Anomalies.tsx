import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, Text, Title } from '@mantine/core'
import { useAccount } from '../../api/account'
import { Folded } from '../../ui/Folded'
import { Frame } from '../../ui/Frame'
import { change, day, money, plural } from '../../ui/format'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { filterOf, keyOf } from '../inventory/key'
import { nameOfKey } from './dimension'
import { useAnomalies } from './trends'

/** Anomalies lists the days that stand out, and what made them. */
export function Anomalies({ by, days }: { by: string; days: string }) {
  const account = useAccount()
  const anomalies = useAnomalies(by, days)
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">Days that stand out</Title>
      <Asked query={anomalies} what="the days that stand out" height={160}>
        {(data) => (
          <>
            <Text size="sm">
              {data.judged_days === 0 ? 'No day could be judged: it takes seven observed days before one.' : `${plural(data.judged_days, 'day')} of these could be judged.`}
              {data.found > data.anomalies.length && (account ? ` Of all accounts ${data.found} stand out, of which the newest hundred were looked through.` : ` The newest ${data.anomalies.length} of ${data.found} are shown.`)}
            </Text>
            {data.anomalies.length === 0 && data.judged_days > 0 && <Empty title="No day stands out">Steps of less than ten dollars, or of less than five percent, never do.</Empty>}
            {data.anomalies.length > 0 && (
              <Frame name="Days that stand out" width={760}>
                <Table verticalSpacing={4}>
                  <thead><tr><th>Day</th><th>Of</th><th className="number">Before</th><th className="number">After</th><th>Usual is</th><th>What made it</th></tr></thead>
                  <tbody>
                    {data.anomalies.map((one) => (
                      <tr key={`${one.day}/${one.key ?? ''}`}>
                        <td>{day(one.day)}</td>
                        <td>{one.key === null ? 'the total' : nameOfKey(data.by, one.key)}</td>
                        <td className="number">{money(one.before)}</td>
                        <td className="number">{money(one.after)}<Text size="xs" fw={600}>{change(one.step)}</Text></td>
                        <td>{money(one.expected_low)} to {money(one.expected_high)}</td>
                        <td><Movers one={one} /></td>
                      </tr>
                    ))}
                  </tbody>
                </Table>
              </Frame>
            )}
          </>
        )}
      </Asked>
    </Card>
  )
}

/** Movers are the resources whose cost changed most. */
function Movers({ one }: { one: Schemas['Anomaly'] }) {
  const changes = <To to="/diff" search={{ from: one.previous_day, to: one.day }} size="sm">All changes of the day</To>
  if (one.pruned) return <Text size="sm">The versions of the time are not kept any more.</Text>
  if (one.resources.length === 0) return changes
  return (
    <Folded summary={`${plural(one.resources.length, 'resource')}, the first ${change(one.resources[0]!.step)}`}>
      {() => (
        <>
          {one.resources.map((mover) => (
            <Text size="sm" key={keyOf(mover)}>
              <To to="/inventory" search={{ filter: filterOf(keyOf(mover)), resource: keyOf(mover) }}>{mover.resource_name ?? mover.resource_id}</To> {mover.is}, {change(mover.step)}
            </Text>
          ))}
          {changes}
        </>
      )}
    </Folded>
  )
}
