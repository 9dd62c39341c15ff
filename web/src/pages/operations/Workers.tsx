import type { Schemas } from '@consolesensei/resource-tracker'
import { Stack, Table, Text, Title } from '@mantine/core'
import { count, moment } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Empty } from '../../ui/States'

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
                <Table.Thead><Table.Tr><Table.Th>Host</Table.Th><Table.Th className="number">Process</Table.Th><Table.Th>Work</Table.Th><Table.Th className="number">Has tasks</Table.Th><Table.Th className="number">At once</Table.Th><Table.Th>State</Table.Th><Table.Th>Since</Table.Th></Table.Tr></Table.Thead>
                <Table.Tbody>
                  {workers.servers.map((server) => (
                    <Table.Tr key={`${server.host} ${server.pid} ${server.lane} ${server.started_at}`}>
                      <Table.Td>{server.host}</Table.Td><Table.Td className="number">{server.pid}</Table.Td><Table.Td>{server.lane}</Table.Td>
                      <Table.Td className="number">{count(server.active)}</Table.Td><Table.Td className="number">{count(server.concurrency)}</Table.Td>
                      <Table.Td>{server.status}</Table.Td><Table.Td>{moment(server.started_at)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          </Frame>
        )}
      <Text size="xs">A worker process is here once for each kind of work. One that has as many tasks as it does at once is full: what waits then needs another worker.</Text>
    </Stack>
  )
}
