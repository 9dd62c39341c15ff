import type { Schemas } from '@consolesensei/resource-tracker'
import { Badge, Stack, Table, Text, Title } from '@mantine/core'
import { count, words } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Empty } from '../../ui/States'
import { ago } from './figures'

const states = ['pending', 'active', 'scheduled', 'retry', 'archived', 'processed_today', 'failed_today'] as const

/** Queues is how much waits and runs of each kind of work. A kind is spread over several queues. */
export function Queues({ queues: seen }: { queues?: Schemas['QueuesSeen'] }) {
  const queues = seen?.queues ?? []
  const kinds = [...new Set(queues.map((queue) => queue.lane))]
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">Queues</Title>
      {!seen ? <Empty title="Nothing is known of the queues">The last look at them failed: Redis did not answer.</Empty> : (
        <Frame name="Queues" width={760}>
          <Table>
            <Table.Thead>
              <Table.Tr><Table.Th>Work</Table.Th><Table.Th className="number">Queues</Table.Th>{states.map((state) => <Table.Th key={state} className="number">{words(state)}</Table.Th>)}<Table.Th className="number">Waits longest</Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {kinds.map((kind) => {
                const own = queues.filter((queue) => queue.lane === kind)
                const paused = own.filter((queue) => queue.paused)
                return (
                  <Table.Tr key={kind}>
                    <Table.Th scope="row">{kind} {paused.length > 0 && <Badge color="red.9">{paused.length} paused</Badge>}</Table.Th>
                    <Table.Td className="number">{own.length}</Table.Td>
                    {states.map((state) => <Table.Td key={state} className="number">{count(own.reduce((sum, queue) => sum + queue[state], 0))}</Table.Td>)}
                    <Table.Td className="number">{ago(Math.max(...own.map((queue) => queue.latency_seconds)))}</Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </Frame>
      )}
      <Text size="xs">Pending waits for a worker. Retry failed and is tried again. Archived failed too often and is given up. Today begins at midnight UTC.</Text>
    </Stack>
  )
}
