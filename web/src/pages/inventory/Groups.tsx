import type { Schemas } from '@consolesensei/resource-tracker'
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { count, money, words } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { canAdd, selects, withCondition } from './conditions'
import { useTagKeys } from './useInventory'

const things = [
  { value: 'type', label: 'Type' }, { value: 'service', label: 'Service' }, { value: 'region', label: 'Region' }, { value: 'account', label: 'Account' }, { value: 'state', label: 'State' },
]

/** GroupBy chooses by what resources are grouped. */
export function GroupBy({ group, at, onGroup }: { group?: string; at?: string; onGroup: (group: string | undefined) => void }) {
  const keys = useTagKeys(undefined, at)
  const tags = new Set(keys.data?.keys.slice(0, 200).map((one) => `tag:${one.key}`))
  if (group?.startsWith('tag:')) tags.add(group)
  return (
    <Select
      label="Group by" placeholder="nothing" size="xs" w={158} clearable searchable clearButtonProps={{ 'aria-label': 'Group by nothing' }} value={group ?? null}
      data={[{ group: 'Fields', items: things }, { group: 'Tags', items: [...tags].map((tag) => ({ value: tag, label: `Tag ${tag.slice(4)}` })) }]}
      onChange={(value) => onGroup(value ?? undefined)}
    />
  )
}

interface GroupsProps { group: string; filter?: string; at?: string; columns?: string }

/** Groups are how many resources there are of each kind and what they cost, the costliest first. A group leads to its list. */
export function Groups({ group, filter, at, columns }: GroupsProps) {
  const account = useAccount()
  const groups = useQuery({
    queryKey: ['inventory', 'groups', account, group, filter, at],
    queryFn: ({ signal }) => tracker.inventory.groups({ ...ofAccount(account), by: [group], filter, at }, { signal }),
    staleTime: 60_000, refetchOnWindowFocus: false,
  })
  return (
    <Asked query={groups} what="the groups" height={420}>
      {(data) => data.total.resources === 0 ? <Empty title="There is nothing to group">No resource is selected.</Empty> : (
        <Frame name={`Resources by ${group}`} width={520}>
          <Table verticalSpacing={6} highlightOnHover aria-label={`By ${group}`}>
            <thead>
              <tr><th>{nameOf(group)}</th><th className="number">Resources</th><th className="number">Cost a month</th><th className="number">Cost not known</th></tr>
            </thead>
            <tbody>
              {data.groups.map((one) => {
                const key = one.keys[0] ?? null
                const label = key === null ? `without ${nameOf(group)}` : key === '' ? 'an empty value' : group === 'type' ? words(key) : key
                return (
                  <tr key={key === null ? 'null' : `=${key}`}>
                    <td>{canAdd(filter) ? <To to="/inventory" search={{ filter: withCondition(filter, selects(group, [key])), at, columns, sort: '-cost' }}>{label}</To> : label}</td>
                    <Sums of={one} />
                  </tr>
                )
              })}
              {data.other && <tr><td>All others</td><Sums of={data.other} /></tr>}
            </tbody>
            <tfoot><tr><th scope="row">All</th><Sums of={data.total} /></tr></tfoot>
          </Table>
        </Frame>
      )}
    </Asked>
  )
}

const nameOf = (group: string): string => things.find((one) => one.value === group)?.label ?? group.replace(/^tag:/, 'Tag ')

function Sums({ of }: { of: Schemas['Count'] }) {
  return (
    <>
      <td className="number">{count(of.resources)}</td>
      <td className="number">{of.resources_with_unknown_cost === of.resources ? 'not known' : money(of.estimated_monthly_total)}</td>
      <td className="number">{count(of.resources_with_unknown_cost)}</td>
    </>
  )
}
