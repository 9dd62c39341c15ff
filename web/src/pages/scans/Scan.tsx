import { hasEnded } from '@consolesensei/resource-tracker'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { count, moment, money, plural } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Asked, Failed, Heading } from '../../ui/States'
import { Causes } from './Causes'
import { HeatGrid } from './HeatGrid'
import { useCells } from './useCells'

/** Scan shows a scan as it runs, cell by cell, and what it could not see. */
export default function Scan() {
  const { id } = useParams({ from: '/shell/scans/$id' })
  const mayScan = useMay('scan')
  const live = useCells(id)
  const job = useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => tracker.jobs.get(id, { signal }),
    refetchInterval: (query) => (query.state.data && hasEnded(query.state.data.state) ? false : 1_500),
  })
  const cancel = useMutation({ mutationFn: () => tracker.jobs.cancel(id), onSuccess: () => void job.refetch() })
  return (
    <Stack gap="md">
      <Heading title="Scan">
        {job.data && <StateBadge state={job.data.state} />}
        {mayScan && job.data && !hasEnded(job.data.state) && <Button variant="default" onClick={() => cancel.mutate()} loading={cancel.isPending}>Cancel</Button>}
      </Heading>
      {cancel.isError && <Failed error={cancel.error} />}
      <Asked query={job} what="the scan" height={420}>
        {(data) => (
          <>
            <Group gap="lg">
              <Text size="sm" role="status">{count(data.progress.cells_closed)} of {plural(data.progress.cells_total, 'cell')}, {plural(data.summary.total_resources, 'resource')}, {money(data.cost_summary.estimated_monthly_total)} a month</Text>
              <Text size="sm">Began {moment(data.created_at)}{data.finished_at && `, ended ${moment(data.finished_at)}`}</Text>
              {live.state === 'lost' && <Text size="sm" fw={600}>The connection is lost and is being made again.</Text>}
            </Group>
            {!hasEnded(data.state) && <Progress value={data.progress.percent} aria-label={`${data.progress.percent} % of the cells`} />}
            {data.waiting_for && <Text size="sm" fw={600}>The scan waits: no worker is alive.</Text>}
            {data.reason && <Text size="sm">{data.reason}</Text>}
            {live.error ? <Failed error={live.error} /> : null}
            <Causes errors={data.errors} cells={live.cells} />
            <HeatGrid cells={live.cells} />
          </>
        )}
      </Asked>
    </Stack>
  )
}
