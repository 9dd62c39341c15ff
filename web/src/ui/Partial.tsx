import type { Schemas } from '@consolesensei/resource-tracker'
import { Alert, Text } from '@mantine/core'
import { Cells } from './Cells'
import { count, plural, since } from './format'
import { Icon } from './Icon'

/** Partial says how much of what is shown is not known, which cells that is about, and why. It is nothing where all is known. */
export function Partial({ coverage, pending = [] }: { coverage: Schemas['Coverage']; pending?: string[] }) {
  const missing = coverage.stale + coverage.unknown
  if (missing === 0 && pending.length === 0) return null
  return (
    <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title={missing > 0 ? `${plural(missing, 'cell')} of ${count(coverage.cells)} not known now` : 'A scan is being taken in'}>
      {pending.length > 0 && <Text size="sm">{plural(pending.length, 'scan')} ended a moment ago and {pending.length === 1 ? 'is' : 'are'} not in these figures yet.</Text>}
      {missing > 0 && (
        <>
          <Text size="sm" mb="xs">
            {count(coverage.stale)} are as they were when they were last seen, {count(coverage.unknown)} were never seen to their end. What is there is not
            counted as gone. The cell seen longest ago was seen {since(coverage.oldest)}.
          </Text>
          <Cells
            cells={coverage.worst.map((cell) => ({ ...cell, why: reason(cell), when: `last seen ${since(cell.seen_at)}` }))}
            more={missing - coverage.worst.length}
          />
        </>
      )}
    </Alert>
  )
}

const reason = (cell: Schemas['KnownCell']): string =>
  cell.outcome === 'ok' || cell.outcome === 'empty' ? 'too long ago' : cell.outcome
