import { hasEnded, type Accepted } from '@consolesensei/resource-tracker'
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { RefObject } from 'react'
import { useJob } from '../../api/jobs'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { AccessReport } from '../../ui/AccessReport'
import { count, plural } from '../../ui/format'
import { Asked, Failed } from '../../ui/States'

interface Way {
  check: () => Promise<Accepted>
  scan: () => Promise<Accepted>
  /** The form whose fields have to be filled in first. */
  form?: RefObject<HTMLFormElement | null>
  /** What a refusal means, where that can be said better than by the server. */
  refused?: (error: unknown) => string | false
}

/** Test tests the access and starts the first scan. The check that runs is in the address, so that a reload loses nothing of it. */
export function Test({ check, scan, form, refused = () => false }: Way) {
  const { check: checked } = useSearch({ from: '/shell/connect' })
  const navigate = useNavigate({ from: '/connect' })
  const filled = () => form?.current?.reportValidity() ?? true
  const test = useMutation({
    mutationFn: check,
    onSuccess: (job) => void navigate({ search: (search) => ({ ...search, check: job.job_id }), replace: true }),
  })
  const start = useMutation({
    mutationFn: scan,
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ['jobs'] })
      void queries.invalidateQueries({ queryKey: ['tray'] })
      void navigate({ to: '/scans/$id', params: { id: job.job_id } })
    },
  })
  const error = test.error ?? start.error
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button variant={checked ? 'default' : 'filled'} onClick={() => filled() && test.mutate()} loading={test.isPending}>Test access</Button>
        <Button variant={checked ? 'filled' : 'default'} onClick={() => filled() && start.mutate()} loading={start.isPending}>First scan</Button>
      </Group>
      {error && (refused(error) ? <Text size="sm" fw={600} role="alert">{refused(error)}</Text> : <Failed error={error} />)}
      {checked && !test.isPending && <Check id={checked} />}
    </Stack>
  )
}

/** Check is an access check as it runs, and then what it found. */
function Check({ id }: { id: string }) {
  const job = useJob(id)
  const ended = job.data !== undefined && hasEnded(job.data.state)
  const report = useQuery({ queryKey: ['access-report', id], queryFn: ({ signal }) => tracker.accessReport(id, { signal }), enabled: ended, staleTime: Infinity })
  if (ended) return <Asked query={report} what="what the check found" height={80}>{(found) => <AccessReport report={found} />}</Asked>
  return (
    <Asked query={job} what="the access check" height={40}>
      {(now) => (
        <>
          <Text size="sm" role="status">{now.waiting_for ? 'The check waits: no worker is alive.' : `${count(now.progress.cells_closed)} of ${plural(now.progress.cells_total, 'cell')} tried`}</Text>
          <Progress value={now.progress.percent} aria-label={`${now.progress.percent} % of the cells`} />
        </>
      )}
    </Asked>
  )
}
