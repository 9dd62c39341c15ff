import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, SimpleGrid, Text } from '@mantine/core'
import { change, count, moment, plural } from '../../ui/format'
import { To } from '../../ui/To'

interface SummaryProps { summary: Schemas['Totals']; from: Schemas['DiffTime']; to: Schemas['DiffTime'] }

/** Summary is how much has changed between which times. */
export function Summary({ summary, from, to }: SummaryProps) {
  const unknown = summary.resources_with_unknown_cost
  return (
    <>
      <Text size="sm">From <Side side={from} /> to <Side side={to} />.{summary.noise.resources > 0 && ` ${plural(summary.noise.resources, 'resource')} of which only what nobody changed is otherwise, such as when it was last used, ${summary.noise.resources === 1 ? 'is' : 'are'} left out.`}</Text>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
        <Figure name="Cost a month" value={change(summary.cost_difference)} below={unknown > 0 ? `without ${count(unknown)} of unknown cost` : 'the cost of each change is known'} />
        {(['added', 'removed', 'changed'] as const).map((kind) => {
          const sum = summary.by_change[kind]
          return <Figure key={kind} name={kind[0]!.toUpperCase() + kind.slice(1)} value={count(sum.resources)} below={`${change(sum.cost_difference)} a month${sum.resources_with_unknown_cost > 0 ? `, without ${count(sum.resources_with_unknown_cost)} of unknown cost` : ''}`} />
        })}
      </SimpleGrid>
    </>
  )
}

/** Side is one of the two times, or the scan that was asked for. */
function Side({ side }: { side: Schemas['DiffTime'] }) {
  if (side.job_id) return <To to="/scans/$id" params={{ id: side.job_id }}>the scan of {moment(side.at)}</To>
  return <strong>{side.schedule_id ? `what the earlier runs had seen, ${moment(side.at)}` : moment(side.at)}</strong>
}

function Figure({ name, value, below }: { name: string; value: string; below: string }) {
  return (
    <Card withBorder padding="md">
      <Text size="sm">{name}</Text>
      <Text fz={26} fw={700} lh={1.3}>{value}</Text>
      <Text size="sm">{below}</Text>
    </Card>
  )
}
