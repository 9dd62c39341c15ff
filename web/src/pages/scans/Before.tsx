import type { Cell, Job } from '@consolesensei/resource-tracker'
import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { Cells } from '../../ui/Cells'
import { change, count, moment, plural } from '../../ui/format'
import { Asked } from '../../ui/States'
import { To } from '../../ui/To'
import { isWhole, looked, useBefore } from './useBefore'

/** Before compares a scan with the newest one before it of the same accounts: what came, went and changed, and the cells of which nobody can tell. */
export function Before({ job, cells }: { job: Job; cells: Cell[] }) {
  const accounts = [...new Set(cells.map((cell) => cell.account_id))].sort()
  const before = useBefore(job, accounts)
  if (accounts.length === 0) return null
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">Against the scan before</Title>
      {!isWhole(job) ? <Text size="sm">A scan that keeps a selection is not compared: what it leaves out is not gone.</Text> : <Asked query={before} what="the comparison" height={90}>
        {(found) => !found ? <Text size="sm">None of the {looked} newest scans saw anything in the same account before this one.</Text> : (
          <Stack gap="xs">
            <Group gap="lg">
              {found.diff.summary && (
                <Text size="sm" fw={600}>
                  {count(found.diff.summary.added)} added, {count(found.diff.summary.removed)} removed, {count(found.diff.summary.changed)} changed: {change(found.diff.summary.cost_difference)} a month
                  {found.diff.summary.resources_with_unknown_cost > 0 && `, without ${count(found.diff.summary.resources_with_unknown_cost)} of unknown cost`}
                </Text>
              )}
              <Text size="sm"><To to="/scans/$id" params={{ id: found.earlier.job_id }}>The scan of {moment(found.earlier.created_at)}</To></Text>
              <Text size="sm"><To to="/diff" search={{ from: found.earlier.job_id, to: job.job_id, account: undefined }}>Each change</To></Text>
            </Group>
            <Text size="sm">
              {plural(found.diff.unknown.cells_known, 'cell')} that both saw to the end {found.diff.unknown.cells_known === 1 ? 'is' : 'are'} compared.
              {found.diff.unknown.cells > 0 && ` Of ${plural(found.diff.unknown.cells, 'other cell')} nobody can tell what has changed: nothing of them counts as removed or added.`}
            </Text>
            {found.diff.unknown.cells > 0 && (
              <Cells label="Which are not compared, and why" cells={found.diff.unknown.list.map((cell) => ({ ...cell, why: why(cell) }))} more={found.diff.unknown.cells - found.diff.unknown.list.length} />
            )}
          </Stack>
        )}
      </Asked>}
    </Card>
  )
}

const why = ({ reason, outcome }: { reason: string; outcome?: string }): string =>
  (reason === 'new' ? 'not seen to its end by the scan before' : reason === 'not_seen' ? 'not seen to its end by this scan' : 'not looked at by this scan') + (outcome ? ` (${outcome})` : '')
