import type { Schemas } from '@consolesensei/resource-tracker'
import { Anchor, Badge, Text } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { FieldChanges } from '../../ui/FieldChanges'
import { change, count, moment, money, plural, since, words } from '../../ui/format'
import { Table } from '../../ui/Table'

type Change = Schemas['Change']

const colours = { added: 'teal.9', removed: 'red.9', changed: 'indigo.8' }

/** ChangeTable lists changes with what was and what is. Its sum is that of the page, once all are shown. */
export function ChangeTable({ changes, of, total, onOpen }: { changes: Change[]; of: number; total: Schemas['Totals']; onOpen: (key: string) => void }) {
  const sum = changes.reduce((all, one) => all + (one.cost_difference ?? 0), 0)
  const unknown = changes.filter((one) => one.cost_difference === null).length
  return (
    <Frame name="Changes" width={760}>
      <Table>
        <thead>
          <tr><th>Resource</th><th>Change</th><th>Before → after</th><th>Seen</th><th className="number">A month</th></tr>
        </thead>
        <tbody>{changes.map((one) => <Row key={`${one.change}/${one.resource_key}`} one={one} onOpen={onOpen} />)}</tbody>
        <tfoot>
          <tr>
            <th colSpan={4}>
              {changes.length === of ? `All ${plural(of, 'change')}` : `${count(changes.length)} of ${plural(of, 'change')} are shown; all are ${change(total.cost_difference)}`}
              {unknown > 0 && `, without ${count(unknown)} of unknown cost`}
            </th>
            <th className="number">{change(sum)}</th>
          </tr>
        </tfoot>
      </Table>
    </Frame>
  )
}

function Row({ one, onOpen }: { one: Change; onOpen: (key: string) => void }) {
  return (
    <tr>
      <td style={{ maxWidth: 260, overflowWrap: 'anywhere' }}>
        <Anchor component="button" type="button" size="sm" ta="left" underline="always" onClick={() => onOpen(one.resource_key)}>{one.resource_name ?? one.resource_id}</Anchor>
        <Text size="xs">{words(one.resource_type)}, {one.region}, {one.account_id}</Text>
      </td>
      <td><Badge color={colours[one.change]} style={{ '--badge-color': '#fff', minWidth: 'max-content' }}>{one.change}</Badge></td>
      <td>{one.change === 'changed' ? <FieldChanges fields={one.fields} /> : <Text size="sm">{one.change === 'added' ? `not there → ${one.state}` : `${one.state} → not there`}</Text>}</td>
      <td><Text size="sm">{since(one.since)}</Text><Text size="xs">{moment(one.since)}</Text></td>
      <td className="number">
        {change(one.cost_difference)}
        {one.cost_difference !== null && one.cost_difference !== 0 && <Text size="xs">{one.change === 'added' ? '' : money(one.cost_before)}{one.change === 'changed' ? ' → ' : ''}{one.change === 'removed' ? '' : money(one.cost_now)}</Text>}
      </td>
    </tr>
  )
}
