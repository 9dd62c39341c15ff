import type { Schemas } from '@consolesensei/resource-tracker'
import { Stack, Text, Title } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { Empty } from '../../ui/States'
import { Table } from '../../ui/Table'

/** Limits is how fast workers let themselves call each API of AWS. */
export function Limits({ calls }: { calls?: Schemas['CallsToAWS'] }) {
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">Budgets of calls</Title>
      {!calls || calls.limits.length === 0 ? <Empty title="The budgets are not known">No worker tells its limits now.</Empty> : (
        <Frame name="Budgets of calls" width={560}>
          <div className="scroll" tabIndex={0} role="region" aria-label="Budgets of calls, by API">
            <Table stickyHeader>
              <thead><tr><th>API</th><th className="number">Calls a second</th><th className="number">At once</th><th>Shared as</th></tr></thead>
              <tbody>
                {calls.limits.map((limit) => (
                  <tr key={limit.api}>
                    <th scope="row">{limit.api}</th>
                    <td className="number">{limit.most > limit.per_second ? `${limit.per_second}, up to ${limit.most} as AWS takes them` : limit.per_second}</td>
                    <td className="number">{limit.burst}</td><td>{limit.budget ?? 'each API its own'}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
        </Frame>
      )}
      <Text size="xs">For each account and region, of all workers together. The most precise line counts. AWS_CALL_LIMITS of the workers sets others.</Text>
    </Stack>
  )
}
