import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, Group, SimpleGrid, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { Bars } from '../../ui/Bars'
import { count, money, plural } from '../../ui/format'
import { Asked, Empty } from '../../ui/States'
import { To } from '../../ui/To'
import { conditionOf, nameOfDimension, nameOfKey } from '../costs/dimension'

// By which keys owners are usually tagged. That which most resources carry is shown.
const owners = ['owner', 'Owner', 'team', 'Team']
const shown = 7

/** Where is the cost by region, account and owner. */
export function Where() {
  const account = useAccount()
  const facets = useQuery({
    queryKey: ['inventory', 'facets', account, 'where'],
    queryFn: ({ signal }) => tracker.inventory.facets({ ...ofAccount(account), facet: ['region', 'account', ...owners.map((key) => `tag:${key}`)], top: 50 }, { signal }),
  })
  return (
    <Asked query={facets} what="where costs are" height={260}>
      {({ facets: all }) => (
        <SimpleGrid cols={{ base: 1, md: 3 }}>
          {[all[0]!, all[1]!, ownerOf(all.slice(2))].map((facet) => <By key={facet.by[0]} facet={facet} />)}
        </SimpleGrid>
      )}
    </Asked>
  )
}

const tagged = (facet: Schemas['Counts']): number => facet.groups.reduce((sum, group) => sum + (group.keys[0] === null ? 0 : group.resources), facet.other?.resources ?? 0)

const ownerOf = (facets: Schemas['Counts'][]): Schemas['Counts'] => facets.reduce((best, one) => (tagged(one) > tagged(best) ? one : best))

function By({ facet }: { facet: Schemas['Counts'] }) {
  const by = facet.by[0]!
  const isUntagged = by.startsWith('tag:') && tagged(facet) === 0
  const rest = facet.groups.slice(shown)
  const more = rest.reduce((sum, group) => sum + group.estimated_monthly_total, facet.other?.estimated_monthly_total ?? 0)
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">By {nameOfDimension(by)}</Title>
        <To to="/costs" search={{ by, then: by === 'region' ? 'type' : 'service' }} size="sm">More</To>
      </Group>
      {isUntagged ? <Empty title="Nobody is named">No resource carries a tag {owners.join(', ')}.</Empty> : (
        <>
          <Bars
            label={`Cost by ${nameOfDimension(by)}`}
            bars={facet.groups.slice(0, shown).map(({ keys: [key = null], estimated_monthly_total: value, resources_with_unknown_cost: unknown }) => ({
              key: String(key), value, unknown, note: unknown > 0 && `+ ${count(unknown)} unknown`,
              name: <To to="/inventory" search={{ filter: conditionOf(by, key, () => []), sort: '-cost' }}>{nameOfKey(by, key)}</To>,
            }))}
          />
          {(rest.length > 0 || facet.other) && <Text size="sm" mt="xs">and {money(more)} in {facet.other ? 'others' : plural(rest.length, 'other')}</Text>}
        </>
      )}
    </Card>
  )
}
