import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, SimpleGrid, Text } from '@mantine/core'
import { count, money, plural } from '../../ui/format'
import { To } from '../../ui/To'
import { partsOf, within } from './dimension'

/** Totals is the sum, and apart from it what is only nearly known and what is not known at all. */
export function Totals({ data, filter }: { data: Schemas['GroupsAnswer']; filter?: string }) {
  const otherRegion = partsOf(data.groups, 0)[0]?.otherRegion ?? 0
  const { estimated_monthly_total: total, resources_with_unknown_cost: unknown, resources } = data.total
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <Card withBorder padding="md">
        <Text size="sm">Cost a month</Text>
        <Text fz={26} fw={700} lh={1.3}>{money(total)}</Text>
        <To to="/inventory" search={{ filter, sort: '-cost' }} size="sm">{plural(resources, 'resource')}</To>
        <Text size="sm">estimate at list prices of what scans saw</Text>
      </Card>
      <Card withBorder padding="md">
        <Text size="sm">Of it at the price of another region</Text>
        <Text fz={26} fw={700} lh={1.3}>{money(otherRegion)}</Text>
        <To to="/inventory" search={{ filter, sort: '-cost', group: 'basis' }} size="sm">By how the cost is known</To>
        <Text size="sm">the price list lacks the region; prices differ by 0.6 to 1.9 times</Text>
      </Card>
      <Card withBorder padding="md">
        <Text size="sm">In no sum</Text>
        <Text fz={26} fw={700} lh={1.3}>{count(unknown)} unknown</Text>
        <To to="/inventory" search={{ filter: within(filter, 'cost:unknown') }} size="sm">{plural(unknown, 'resource')} of unknown cost</To>
        <Text size="sm">AWS charges for their use, or the list lacks the price</Text>
      </Card>
    </SimpleGrid>
  )
}
