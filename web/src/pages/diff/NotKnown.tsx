import type { Schemas } from '@consolesensei/resource-tracker'
import { Alert, List, Text } from '@mantine/core'
import { Cells } from '../../ui/Cells'
import { count, plural, since } from '../../ui/format'
import { Icon } from '../../ui/Icon'

const reasons: Record<string, string> = {
  new: 'not seen to their end before the first time: what is in them may have been there then',
  not_seen: 'every look since the first time has failed',
  not_looked: 'no scan has looked at them since the first time',
}

/** NotKnown names the cells of which it is not known what has changed. It is nothing where all is known. */
export function NotKnown({ unknown }: { unknown: Schemas['UnknownCells'] }) {
  if (unknown.cells === 0) return null
  return (
    <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title={`Of ${plural(unknown.cells, 'cell')} of ${count(unknown.cells + unknown.cells_known)} it is not known what has changed`}>
      <Text size="sm">Nothing of them is in the list or in a sum, and nothing of them counts as removed.</Text>
      <List size="sm" mb="xs">
        {Object.entries(unknown.by_reason).filter(([, cells]) => cells > 0).map(([reason, cells]) => <List.Item key={reason}>{count(cells)}: {reasons[reason] ?? reason}</List.Item>)}
      </List>
      <Cells
        cells={unknown.list.map((cell) => ({ ...cell, why: cell.outcome ? `${cell.reason}, ${cell.outcome}` : cell.reason, when: `last seen ${since(cell.last_seen)}` }))}
        more={unknown.cells - unknown.list.length}
      />
    </Alert>
  )
}
