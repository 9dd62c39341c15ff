import { hasEnded } from '@consolesensei/resource-tracker'
import { Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { count, moment, money, plural } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Asked } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'

/** Runs are those whose results are kept, the newest first. */
export function Runs({ id, keep }: { id: string; keep: number }) {
  const runs = useQuery({
    queryKey: ['schedules', 'runs', id],
    queryFn: ({ signal }) => tracker.schedules.runs(id, { signal }),
    refetchInterval: (query) => (query.state.data?.runs.some((job) => !hasEnded(job.state)) ? 2_000 : 15_000),
  })
  return (
    <div>
      <Title order={3} size="h5">Runs that are kept</Title>
      <Asked query={runs} what="the runs" height={120}>
        {({ runs: jobs, plans = [] }) => jobs.length + plans.length === 0 ? <Text size="sm">None has been yet. The newest {plural(keep, 'result')} will be kept, and the newest good one.</Text> : (
          <Frame name="Runs" width={520}>
            <Table verticalSpacing={4}>
              <thead><tr><th>Began</th><th style={{ minWidth: 135 }}>State</th><th>What came of it</th></tr></thead>
              <tbody>
                {jobs.map((job) => (
                  <tr key={job.job_id}>
                    <td><To to="/scans/$id" params={{ id: job.job_id }} size="sm">{moment(job.created_at)}</To></td>
                    <td><StateBadge state={job.state} /></td>
                    <td>
                      <Text size="sm">
                        {hasEnded(job.state) ? `${plural(job.summary.total_resources, 'resource')}, ${money(job.cost_summary.estimated_monthly_total)} a month` : `${count(job.progress.cells_closed)} of ${plural(job.progress.cells_total, 'cell')}`}
                      </Text>
                      {job.reason && <Text size="xs">{job.reason}</Text>}
                    </td>
                  </tr>
                ))}
                {plans.map((plan) => (
                  <tr key={plan.plan_id}>
                    <td><To to="/plans/$id" params={{ id: plan.plan_id }} size="sm">{moment(plan.created_at)}</To></td>
                    <td><StateBadge state={plan.state} /></td>
                    <td><Text size="sm">{plural(plan.totals.items, 'item')}</Text>{plan.reason && <Text size="xs">{plan.reason}</Text>}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Frame>
        )}
      </Asked>
    </div>
  )
}
