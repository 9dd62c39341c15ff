import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { count, money, plural } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Asked } from '../../ui/States'
import { Table } from '../../ui/Table'
import { canAdd, selects, withCondition } from './conditions'
import { useCounts, useTagKeys } from './useInventory'

interface TagsProps { filter?: string; at?: string; onFilter: (filter: string | undefined) => void }

/** Tags are the keys that resources of the filter carry: how many carry each and how many lack it, and what those cost. */
export function Tags({ filter, at, onFilter }: TagsProps) {
  const keys = useTagKeys(filter, at)
  const [from, setFrom] = useState(0)
  const add = (condition: string) => onFilter(withCondition(filter, condition))
  return (
    <Asked query={keys} what="the tags" height={320}>
      {(data) => (
        <Stack gap="xs">
          <Text size="sm">{plural(data.untagged, 'resource')} of {count(data.resources)} without any tag.</Text>
          {data.keys.length === 0 && <Text size="sm">No resource of the filter carries a tag.</Text>}
          {data.keys.length > 0 && (
            <Frame name="Tags" width={620}>
              <Table verticalSpacing={4} aria-label="Tags">
                <thead>
                  <tr>
                    <th>Key</th><th className="number">Values</th><th className="number">Carry it</th><th className="number">Cost a month</th>
                    <th className="number">Lack it</th><th className="number">Cost a month</th>
                  </tr>
                </thead>
                <Keys keys={data.keys.slice(from, from + 10)} all={data.resources} filter={filter} at={at} onAdd={canAdd(filter) ? add : undefined} />
              </Table>
            </Frame>
          )}
          {data.keys.length > 10 && (
            <Group gap="xs">
              <Button size="compact-xs" variant="default" disabled={from === 0} onClick={() => setFrom(from - 10)}>Keys before</Button>
              <Button size="compact-xs" variant="default" disabled={from + 10 >= data.keys.length} onClick={() => setFrom(from + 10)}>Further keys</Button>
              <Text size="sm">{from + 1} to {Math.min(from + 10, data.keys.length)} of {count(data.keys.length + data.other_keys)}</Text>
            </Group>
          )}
        </Stack>
      )}
    </Asked>
  )
}

interface KeysProps { keys: { key: string; resources: number; values: number; more: boolean }[]; all: number; filter?: string; at?: string; onAdd?: (condition: string) => void }

/** Keys are ten of them: what is lacking costs one count of all ten. */
function Keys({ keys, all, filter, at, onAdd }: KeysProps) {
  const counts = useCounts(filter, at, keys.map((one) => `tag:${one.key}`), 200)
  const total = counts.data?.total.estimated_monthly_total
  return (
    <tbody>
      {keys.map(({ key, resources, values, more }) => {
        const field = `tag:${key}`
        const facet = counts.data?.facets.find((one) => one.by[0] === field)
        const lacking = facet?.groups.find((group) => group.keys[0] === null)
        // Where there are more values than were asked for, those without it may be among the rest.
        const lack = lacking?.estimated_monthly_total ?? (facet && !facet.other ? 0 : undefined)
        const says = (cost: number | undefined) => (cost === undefined ? (counts.isPending ? '' : 'not counted') : money(cost))
        return (
          <tr key={key}>
            <td className="mono">{key}</td>
            <td className="number">{more ? 'over ' : ''}{count(values)}</td>
            <td className="number"><Pick name={`Carry ${key}`} n={resources} onPick={onAdd && (() => onAdd(selects(field, [null]).slice(0, -1)))} /></td>
            <td className="number">{says(lack === undefined || total === undefined ? undefined : total - lack)}</td>
            <td className="number"><Pick name={`Lack ${key}`} n={all - resources} onPick={onAdd && (() => onAdd(selects(field, [null])))} /></td>
            <td className="number">{says(lack)}</td>
          </tr>
        )
      })}
    </tbody>
  )
}

function Pick({ name, n, onPick }: { name: string; n: number; onPick?: () => void }) {
  return onPick ? <Button size="compact-xs" variant="default" aria-label={`${name}: ${count(n)}`} onClick={onPick}>{count(n)}</Button> : count(n)
}
