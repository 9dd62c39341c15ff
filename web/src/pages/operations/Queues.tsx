import type { Schemas } from '@consolesensei/resource-tracker'
import { Badge, Stack, Text, Title } from '@mantine/core'
import { count, words } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
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
            <thead>
              <tr><th>Work</th><th className="number">Queues</th>{states.map((state) => <th key={state} className="number">{words(state)}</th>)}<th className="number">Waits longest</th></tr>
            </thead>
            <tbody>
              {kinds.map((kind) => {
                const own = queues.filter((queue) => queue.lane === kind)
                const paused = own.filter((queue) => queue.paused)
                return (
                  <tr key={kind}>
                    <th scope="row">{kind} {paused.length > 0 && <Badge color="red.9">{paused.length} paused</Badge>}</th>
                    <td className="number">{own.length}</td>
                    {states.map((state) => <td key={state} className="number">{count(own.reduce((sum, queue) => sum + queue[state], 0))}</td>)}
                    <td className="number">{ago(Math.max(...own.map((queue) => queue.latency_seconds)))}</td>
                  </tr>
                )
              })}
            </tbody>
          </Table>
        </Frame>
      )}
      <Text size="xs">Pending waits for a worker. Retry failed and is tried again. Archived failed too often and is given up. Today begins at midnight UTC.</Text>
    </Stack>
  )
}
