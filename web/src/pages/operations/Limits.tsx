import type { Schemas } from '@consolesensei/resource-tracker'
import { Stack, Table, Text, Title } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { Empty } from '../../ui/States'

/** Limits is how fast workers let themselves call each API of AWS. */
export function Limits({ calls }: { calls?: Schemas['CallsToAWS'] }) {
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">Budgets of calls</Title>
      {!calls || calls.limits.length === 0 ? <Empty title="The budgets are not known">No worker tells its limits now.</Empty> : (
        <Frame name="Budgets of calls" width={560}>
          <div className="scroll" tabIndex={0} role="region" aria-label="Budgets of calls, by API">
            <Table stickyHeader>
              <Table.Thead><Table.Tr><Table.Th>API</Table.Th><Table.Th className="number">Calls a second</Table.Th><Table.Th className="number">At once</Table.Th><Table.Th>Shared as</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {calls.limits.map((limit) => (
                  <Table.Tr key={limit.api}>
                    <Table.Th scope="row">{limit.api}</Table.Th>
                    <Table.Td className="number">{limit.most > limit.per_second ? `${limit.per_second}, up to ${limit.most} as AWS takes them` : limit.per_second}</Table.Td>
                    <Table.Td className="number">{limit.burst}</Table.Td><Table.Td>{limit.budget ?? 'each API its own'}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </Frame>
      )}
      <Text size="xs">For each account and region, of all workers together. The most precise line counts. AWS_CALL_LIMITS of the workers sets others.</Text>
    </Stack>
  )
}
