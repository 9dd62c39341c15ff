import { List, Text } from '@mantine/core'
import { moment, zone } from '../../ui/format'
import { Failed } from '../../ui/States'
import type { Next } from './useNextRuns'
import { momentIn } from './words'

/** NextRuns are the next times that a schedule comes, before it is saved: on its own clock, and on the reader's where that is another. */
export function NextRuns({ next }: { next: Next }) {
  const own = next.zone ?? zone
  const hasRuns = next.runs.length > 0
  return (
    <div>
      <Text size="sm" fw={600} id="next-runs">Next runs{hasRuns && `, in ${own}`}</Text>
      {!hasRuns ? <Text size="sm">They show here once the times are right.</Text> : (
        <List size="sm" type="ordered" aria-labelledby="next-runs" aria-busy={!next.isKnown}>
          {next.runs.map((at) => <List.Item key={at}>{momentIn(at, own)}{own !== zone && ` (${moment(at)} here)`}</List.Item>)}
        </List>
      )}
      {next.error != null && <Failed error={next.error} />}
    </div>
  )
}
