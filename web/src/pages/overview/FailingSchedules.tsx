import { type Schedule, TrackerError } from '@consolesensei/resource-tracker'
import { Card, Group, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { MayBeOfAnother } from '../../ui/AccountUnknown'
import { plural, since } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { AccountNotKnown } from '../schedules/AccountNotKnown'

interface Failing { schedule: Schedule; state: string; why: string; when: string | null }

/** FailingSchedules are those whose last run failed, saw only a part, or could not be started. */
export function FailingSchedules() {
  const account = useAccount()
  const schedules = useQuery({
    queryKey: ['schedules', 'failing', account],
    queryFn: async ({ signal }) => {
      const all = await tracker.schedules.list({ ...ofAccount(account), limit: 100 }, { signal }).all(1_000)
      const failing = await Promise.all(all.map((one) => failureOf(one, signal)))
      return { all: all.length, failing: failing.filter((one) => one !== undefined) }
    },
  })
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">Failing schedules</Title>
        <To to="/schedules" size="sm">All schedules</To>
      </Group>
      <Asked query={schedules} what="the schedules" height={120}>
        {({ all, failing }) => failing.length === 0 ? <Empty title={all === 0 ? 'There is no schedule' : 'None fails'}>{all === 0 ? 'A schedule scans again and again.' : `The last runs of ${plural(all, 'schedule')} were good, or have not ended.`}</Empty> : (
          <div className="scroll" tabIndex={0} role="region" aria-label="Failing schedules">
            <AccountNotKnown schedules={failing.map(({ schedule }) => schedule)} />
            <Table verticalSpacing={4}>
              <thead><tr><th>Schedule</th><th>Last run</th><th>Why</th></tr></thead>
              <tbody>
                {failing.map(({ schedule, state, why, when }) => (
                  <tr key={schedule.schedule_id}>
                    <td><To to="/schedules" search={{ schedule: schedule.schedule_id }}>{schedule.name}</To><MayBeOfAnother row={schedule} /></td>
                    <td><StateBadge state={state} /><Text size="xs">{since(when)}</Text></td>
                    <td>{why}{state !== 'not started' && !schedule.plan && schedule.last_run && <> <To to="/scans/$id" params={{ id: schedule.last_run }} size="sm">The scan</To></>}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
        )}
      </Asked>
    </Card>
  )
}

/** failureOf is why a schedule fails. Only of one whose last run is not its last good one the run is asked for. */
async function failureOf(schedule: Schedule, signal: AbortSignal): Promise<Failing | undefined> {
  if (schedule.last_error) return { schedule, state: 'not started', why: schedule.last_error, when: schedule.last_error_at ?? null }
  if (schedule.paused_reason) return { schedule, state: 'paused', why: schedule.paused_reason, when: null }
  if (!schedule.last_run || schedule.last_run === schedule.last_good) return undefined
  const run = await (schedule.plan ? tracker.plans.get(schedule.last_run, { signal }).then(({ plan }) => ({ ...plan, finished_at: plan.created_at })) : tracker.jobs.get(schedule.last_run, { signal })).catch(notKept)
  if (!run) return { schedule, state: 'unknown', why: 'Its last run is not kept any more, and was not good.', when: null }
  if (run.state !== 'failed' && run.state !== 'partial') return undefined
  return { schedule, state: run.state, why: run.reason ?? (run.state === 'partial' ? 'Not all of it was done.' : ''), when: run.finished_at }
}

/** notKept is nothing for a run that is gone. Any other error is one. */
function notKept(error: unknown): undefined {
  if (error instanceof TrackerError && error.status === 404) return undefined
  throw error
}
