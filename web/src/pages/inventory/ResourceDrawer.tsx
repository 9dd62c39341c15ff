import type { Schemas } from '@consolesensei/resource-tracker'
import { Badge, Code, Drawer, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { tracker } from '../../api/tracker'
import { moment, money, words } from '../../ui/format'
import { Asked, Empty } from '../../ui/States'
import { filterOf } from './key'

/** ResourceDrawer is all that is known of the resource that the address names. */
export function ResourceDrawer({ resourceKey, onClose }: { resourceKey?: string; onClose: () => void }) {
  const found = useQuery({
    queryKey: ['inventory', 'one', resourceKey],
    queryFn: ({ signal }) => tracker.inventory.page({ filter: filterOf(resourceKey!), limit: 1 }, { signal }),
    enabled: resourceKey !== undefined,
  })
  return (
    <Drawer opened={resourceKey !== undefined} onClose={onClose} position="right" size="lg" title="Resource" closeButtonProps={{ 'aria-label': 'Close' }}>
      {resourceKey !== undefined && (
        <Asked query={found} what="the resource" height={320}>
          {(data) => data.resources[0] ? <Facts one={data.resources[0]} /> : <Empty title="It is not in the inventory">It is gone, or was never there: {resourceKey}</Empty>}
        </Asked>
      )}
    </Drawer>
  )
}

function Facts({ one }: { one: Schemas['InventoryResource'] }) {
  const facts: [string, ReactNode][] = [
    ['ID', <span className="mono">{one.resource_id}</span>], ['ARN', <span className="mono">{one.arn}</span>], ['Account', one.account_id], ['Region', one.region],
    ['Created', one.creation_date ? moment(one.creation_date) : 'not known'], ['In its state since', moment(one.state_since)], ['First seen', moment(one.first_seen)],
    ['Last seen', `${moment(one.seen_at)}${one.stale ? ': the last look failed, or is too long ago' : ''}`],
  ]
  return (
    <Stack gap="md">
      <Title order={2} size="h4">{one.resource_name ?? one.resource_id}</Title>
      <Group gap="xs">
        <Badge variant="outline" color="gray" c="var(--mantine-color-text)">{words(one.resource_type)}</Badge>
        <Badge variant="outline" color="gray" c="var(--mantine-color-text)">{one.state}</Badge>
      </Group>
      <Pairs pairs={facts} />
      <CostFacts cost={one.cost} />
      <Title order={3} size="h5">Tags</Title>
      {Object.keys(one.tags).length === 0 ? <Text size="sm">It has none.</Text> : <Pairs pairs={Object.entries(one.tags)} />}
      <details>
        <summary>As the API answers it</summary>
        <Code block tabIndex={0} aria-label="JSON">{JSON.stringify(one, null, 2)}</Code>
      </details>
    </Stack>
  )
}

/** CostFacts is what a cost is made of, and where its prices come from. */
function CostFacts({ cost }: { cost: Schemas['Cost'] | null }) {
  if (cost === null) return <Text size="sm">What it costs is not known.</Text>
  return (
    <div>
      <Title order={3} size="h5">Cost: {money(cost.value)} a month</Title>
      <Text size="sm">
        An estimate of {cost.confidence} confidence, basis {words(cost.basis)}{cost.as_of && `, as of ${cost.as_of}`}.{cost.upper_bound && ' It is less or as much.'} {cost.reason}
      </Text>
      {cost.components.length > 0 && (
        <Pairs pairs={cost.components.map((part) => [part.name, `${part.quantity} ${part.unit} × $${part.unit_price} = ${money(part.monthly)}`])} />
      )}
      {cost.source && <Text size="xs">{cost.source}</Text>}
    </div>
  )
}

function Pairs({ pairs }: { pairs: [string, ReactNode][] }) {
  return (
    <Table verticalSpacing={3} withRowBorders={false}>
      <Table.Tbody>{pairs.map(([name, value]) => <Table.Tr key={name}><Table.Th w={150}>{name}</Table.Th><Table.Td>{value}</Table.Td></Table.Tr>)}</Table.Tbody>
    </Table>
  )
}
