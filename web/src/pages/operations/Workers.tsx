import type { Schemas } from '@consolesensei/resource-tracker'
import { Stack, Text, Title } from '@mantine/core'
import { count, moment } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Empty } from '../../ui/States'
import { Table } from '../../ui/Table'

/** Workers is which processes take tasks, of what, and how busy they are. */
export function Workers({ workers }: { workers?: Schemas['WorkersSeen'] }) {
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">Workers</Title>
      {!workers ? <Empty title="Nothing is known of the workers">The last look at them failed: Redis did not answer.</Empty>
        : workers.servers.length === 0 ? <Empty title="No worker takes tasks">What is submitted waits until one is started.</Empty> : (
          <Frame name="Workers" width={620}>
            <div className="scroll" tabIndex={0} role="region" aria-label="Workers, by process and kind of work">
              <Table stickyHeader>
                <thead><tr><th>Host</th><th className="number">Process</th><th>Work</th><th className="number">Has tasks</th><th className="number">At once</th><th>State</th><th>Since</th></tr></thead>
                <tbody>
                  {workers.servers.map((server) => (
                    <tr key={`${server.host} ${server.pid} ${server.lane} ${server.started_at}`}>
                      <td>{server.host}</td><td className="number">{server.pid}</td><td>{server.lane}</td>
                      <td className="number">{count(server.active)}</td><td className="number">{count(server.concurrency)}</td>
                      <td>{server.status}</td><td>{moment(server.started_at)}</td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </div>
          </Frame>
        )}
      <Text size="xs">A worker process is here once for each kind of work. One that has as many tasks as it does at once is full: what waits then needs another worker.</Text>
    </Stack>
  )
}
