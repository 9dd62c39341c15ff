import type { PlanItem } from '@consolesensei/resource-tracker'
import { Checkbox, Code, Text } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { money, plural, words } from '../../ui/format'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { quoted } from '../inventory/key'
import { Ledger } from './Ledger'

interface ItemsProps {
  items: PlanItem[]
  excluded: Set<number>
  /** Leaves an item out; undefined where nobody may. */
  onExclude?: (index: number, isLeftOut: boolean) => void
}

/** Items is what would happen to each resource, what refuses it and how to lift that, and what has happened. */
export function Items({ items, excluded, onExclude }: ItemsProps) {
  return (
    <Frame name="Items" width={760}>
      <Table>
        <thead>
          <tr>
            {onExclude && <th style={{ width: 50 }}>Keep</th>}
            <th>Resource</th><th>What would happen</th><th style={{ minWidth: 140 }}>State</th><th className="number">Saves a month</th><th>Undo</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.index}>
              {onExclude && (
                <td>
                  <Checkbox checked={!excluded.has(item.index)} onChange={(event) => onExclude(item.index, !event.currentTarget.checked)} aria-label={`Keep ${item.action} of ${item.resource_name ?? item.resource_id}`} />
                </td>
              )}
              <td>
                <To to="/inventory" search={{ filter: `id:${quoted(item.resource_id)}`, account: undefined }} size="sm">{item.resource_name ?? item.resource_id}</To>
                <Text size="xs">{words(item.resource_type)}, {item.region}, {item.state}</Text>
              </td>
              <td>
                <Text size="sm"><strong>{item.action}</strong>: {item.would}</Text>
                {item.refusals.map((refusal) => (
                  <Text size="sm" key={refusal.rule}>Refused by {words(refusal.rule)}: {refusal.message}{refusal.how_to_lift && ` ${refusal.how_to_lift}`}</Text>
                ))}
                {item.notes?.map((note) => <Text size="xs" key={note}>{note}</Text>)}
                {item.dependents && item.dependents.length > 0 && <Dependents names={item.dependents} />}
                {item.depends_on && item.depends_on.length > 0 && <Text size="xs">Comes after {item.depends_on.map((index) => nameOf(items, index)).join(', ')}</Text>}
                {item.permission?.verdict === 'denied' && <Text size="xs">AWS would deny: {item.permission.denied?.map((one) => <Code key={one}>{one}</Code>)}</Text>}
              </td>
              <td><Ledger item={item} /></td>
              <td className="number">{money(item.monthly_saving)}</td>
              <td><Text size="sm" fw={item.undo ? undefined : 600}>{item.undo ?? 'cannot be undone'}</Text></td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Frame>
  )
}

const nameOf = (items: PlanItem[], index: number): string => {
  const item = items.find((one) => one.index === index)
  return item ? `${item.action} of ${item.resource_name ?? item.resource_id}` : `item ${index}`
}

function Dependents({ names }: { names: string[] }) {
  return (
    <details>
      <summary><Text size="xs" component="span">{plural(names.length, 'resource depends', 'resources depend')} on it</Text></summary>
      {names.map((name) => <Text size="xs" key={name}>{name}</Text>)}
    </details>
  )
}
