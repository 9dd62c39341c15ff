import { Stack, Table, Text, Title } from '@mantine/core'
import { count, plural, words } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Empty } from '../../ui/States'
import { groups, type Metrics, only, sum } from './metrics'

const states = ['pending', 'active', 'scheduled', 'retry', 'archived']
const kindOf = (queue: string) => queue.replace(/-\d+$/, '')

/** Queues is how much waits and runs of each kind of work. A kind is spread over several queues. */
export function Queues({ now }: { now: Metrics }) {
  const tasks = now.of('queue_tasks')
  const kinds = [...new Set(groups(tasks, 'queue').map(kindOf))]
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">Queues</Title>
      {only(now, 'queue_up') !== 1 || tasks.length === 0 ? <Empty title="Nothing is known of the queues">The last look at them failed: Redis did not answer.</Empty> : (
        <Frame name="Queues" width={620}>
          <Table>
            <Table.Thead>
              <Table.Tr><Table.Th>Work</Table.Th><Table.Th className="number">Queues</Table.Th>{states.map((state) => <Table.Th key={state} className="number">{words(state)}</Table.Th>)}<Table.Th className="number">Waits longest</Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {kinds.map((kind) => {
                const own = tasks.filter((one) => kindOf(one.labels['queue'] ?? '') === kind)
                const latency = now.of('queue_latency_seconds').filter((one) => kindOf(one.labels['queue'] ?? '') === kind).reduce((most, one) => Math.max(most, one.value), 0)
                return (
                  <Table.Tr key={kind}>
                    <Table.Th scope="row">{words(kind)}</Table.Th>
                    <Table.Td className="number">{groups(own, 'queue').length}</Table.Td>
                    {states.map((state) => <Table.Td key={state} className="number">{count(sum(own.filter((one) => one.labels['state'] === state)))}</Table.Td>)}
                    <Table.Td className="number">{plural(Math.round(latency), 'second')}</Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </Frame>
      )}
      <Text size="xs">Pending waits for a worker. Retry failed and is tried again. Archived failed too often and is given up.</Text>
    </Stack>
  )
}
