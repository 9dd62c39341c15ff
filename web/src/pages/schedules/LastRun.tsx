import { hasEnded, isMoving, TrackerError, type Schedule } from '@consolesensei/resource-tracker'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { moment, since } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { To } from '../../ui/To'

/** LastRun is how the newest run of a schedule stands. A schedule names the run alone, and the run may be kept no longer. */
export function LastRun({ schedule }: { schedule: Schedule }) {
  const id = schedule.last_run
  const run = useQuery({
    queryKey: ['schedules', 'last run', id],
    queryFn: async ({ signal }) => {
      if (!schedule.plan) return tracker.jobs.get(id!, { signal }).then((job) => ({ state: job.state, at: job.created_at, moves: !hasEnded(job.state) }))
      const { plan } = await tracker.plans.itemsPage(id!, { limit: 1 }, { signal })
      return { state: plan.state, at: plan.created_at, moves: isMoving(plan.state) }
    },
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data?.moves ? 2_000 : 30_000),
  })
  if (id === undefined) return <Text size="sm">never</Text>
  if (run.isError) return <Text size="sm">{run.error instanceof TrackerError && run.error.status === 404 ? 'kept no longer' : 'not known: no answer'}</Text>
  if (!run.data) return <Text size="sm">…</Text>
  const when = <span title={moment(run.data.at)}>{since(run.data.at)}</span>
  return (
    <>
      <StateBadge state={run.data.state} />
      <Text size="xs">{schedule.plan ? <To to="/plans/$id" params={{ id }} size="xs">{when}</To> : <To to="/scans/$id" params={{ id }} size="xs">{when}</To>}</Text>
    </>
  )
}
