import { hasEnded, type Job } from '@consolesensei/resource-tracker'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useJob } from '../../api/jobs'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { AccessReport } from '../../ui/AccessReport'
import { count, moment, money, plural } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Asked, Failed, Heading } from '../../ui/States'
import { To } from '../../ui/To'
import { Before } from './Before'
import { Causes } from './Causes'
import { took } from './coverage'
import { HeatGrid } from './HeatGrid'
import { Retry } from './Retry'
import { useCells } from './useCells'

/** Scan shows a scan as it runs, cell by cell: first what it could not see and what helps, then what it found and what is new. */
export default function Scan() {
  const { id } = useParams({ from: '/shell/scans/$id' })
  const mayScan = useMay('scan')
  const [turn, setTurn] = useState(0)
  const live = useCells(id, turn)
  const job = useJob(id)
  const cancel = useMutation({ mutationFn: () => tracker.jobs.cancel(id), onSuccess: () => void job.refetch() })
  const ended = job.data !== undefined && hasEnded(job.data.state)
  const failed = job.data?.errors.reduce((sum, error) => sum + error.cells, 0) ?? 0
  return (
    <Stack gap="md">
      <Heading title={job.data?.kind === 'access_check' ? 'Access check' : 'Scan'}>
        {job.data && <StateBadge state={job.data.state} />}
        {mayScan && job.data && !ended && <Button variant="default" onClick={() => cancel.mutate()} loading={cancel.isPending}>Cancel</Button>}
        {mayScan && ended && job.data.kind === 'scan' && failed > 0 && <Retry id={id} cells={failed} onRetried={() => { void job.refetch(); setTurn(turn + 1) }} />}
      </Heading>
      {cancel.isError && <Failed error={cancel.error} />}
      <Asked query={job} what="the scan" height={420}>
        {(data) => (
          <>
            <Facts job={data} />
            {!ended && <Progress value={data.progress.percent} aria-label={`${data.progress.percent} % of the cells`} />}
            {data.waiting_for && <Text size="sm" fw={600}>The scan waits: no worker is alive.</Text>}
            {data.reason && <Text size="sm" fw={600}>{data.reason}</Text>}
            {live.state === 'lost' && <Text size="sm" fw={600} role="status">The connection is lost and is being made again. Nothing of the scan is lost: it goes on without this page.</Text>}
            {live.state === 'stopped' && <Failed error={live.error} again={live.again} />}
            {data.kind === 'access_check'
              ? ended && <Checked id={id} />
              : <Causes errors={data.errors} cells={live.cells} isRunning={!ended} />}
            <HeatGrid cells={live.cells} />
            {data.kind === 'scan' && ended && live.state === 'done' && <Before job={data} cells={live.cells} />}
          </>
        )}
      </Asked>
    </Stack>
  )
}

/** Facts are how far a scan is, what it found, when it ran, and the lists behind that. */
function Facts({ job }: { job: Job }) {
  const accounts = Object.keys(job.cost_summary.by_account)
  const one = accounts.length === 1 ? accounts[0] : undefined
  const found = job.kind === 'scan' ? `, ${plural(job.summary.total_resources, 'resource')}, ${money(job.cost_summary.estimated_monthly_total)} a month` : ''
  return (
    <Group gap="lg">
      <Text size="sm" role="status">{count(job.progress.cells_closed)} of {plural(job.progress.cells_total, 'cell')}{found}</Text>
      {job.cost_summary.resources_with_unknown_cost > 0 && <Text size="sm">without {plural(job.cost_summary.resources_with_unknown_cost, 'resource')} of unknown cost</Text>}
      <Text size="sm">Began {moment(job.created_at)}{job.finished_at && `, took ${took(job)}`}</Text>
      {job.schedule_id && <Text size="sm"><To to="/schedules" search={{ schedule: job.schedule_id }}>Its schedule</To></Text>}
      {job.kind === 'scan' && accounts.length > 0 && (
        <>
          <Text size="sm"><To to="/inventory" search={{ account: one }}>What there is{one && ` in ${one}`}</To></Text>
          <Text size="sm"><To to="/savings" search={{ account: one }}>What could be saved</To></Text>
        </>
      )}
    </Group>
  )
}

/** Checked is what an access check found. */
function Checked({ id }: { id: string }) {
  const report = useQuery({ queryKey: ['access-report', id], queryFn: ({ signal }) => tracker.accessReport(id, { signal }), staleTime: Infinity })
  return <Asked query={report} what="what the check found" height={80}>{(found) => <AccessReport report={found} />}</Asked>
}
