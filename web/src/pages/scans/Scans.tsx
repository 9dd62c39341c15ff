import { hasEnded, type ListedJob } from '@consolesensei/resource-tracker'
import { Button, Group, Progress, Select, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { count, moment, money, plural, since, words } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { To } from '../../ui/To'
import { took, unseen } from './coverage'
import { NewScan } from './NewScan'

const states: ListedJob['state'][] = ['queued', 'running', 'finalizing', 'succeeded', 'partial', 'failed', 'cancelled']

/** Scans lists scans and access checks, the newest first. */
export default function Scans() {
  const mayScan = useMay('scan')
  const { state } = useSearch({ from: '/shell/scans' })
  const navigate = useNavigate({ from: '/scans' })
  const pages = useInfiniteQuery({
    queryKey: ['jobs'],
    queryFn: ({ pageParam, signal }) => tracker.jobs.page({ limit: 50, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => (query.state.data?.pages[0]?.jobs.some((job) => !hasEnded(job.state)) ? 2_000 : 30_000),
  })
  const all = pages.data?.pages.flatMap((page) => page.jobs)
  const jobs = all?.filter((job) => !state || job.state === state)
  return (
    <Stack gap="md">
      <Heading title="Scans">{mayScan && <NewScan />}</Heading>
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {!all && pages.isPending && <Loading what="the scans" height={320} />}
      {all?.length === 0 && <Empty title="There is no scan yet">{mayScan ? <>Start one, or <To to="/connect">connect an account</To>: it changes nothing there.</> : 'Somebody with the role operator can start one.'}</Empty>}
      {all && all.length > 0 && jobs && (
        <>
          <Group gap="md" align="flex-end">
            <Select label="State" placeholder="Any" data={states.map((one) => ({ value: one, label: words(one) }))} value={state ?? null} clearable clearButtonProps={{ 'aria-label': 'Clear the state' }}
              onChange={(next) => void navigate({ search: next ? { state: next } : {}, replace: true })} />
            <Text size="sm" role="status">{state ? `${count(jobs.length)} of the ` : ''}{plural(all.length, 'newest', 'newest')}{pages.hasNextPage ? ': there are older ones' : ', which is all'}</Text>
          </Group>
          {jobs.length === 0 ? <Empty title={`None of these is ${words(state ?? '')}`} /> : <List jobs={jobs} />}
        </>
      )}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>Older scans</Button>}
    </Stack>
  )
}

/** List is scans, with how much of what they looked at they have seen. */
function List({ jobs }: { jobs: ListedJob[] }) {
  return (
    <Frame name="Scans" width={900}>
      <Table>
        <Table.Thead>
          <Table.Tr><Table.Th>Began</Table.Th><Table.Th>State</Table.Th><Table.Th>Account</Table.Th><Table.Th>Coverage</Table.Th><Table.Th className="number">Took</Table.Th><Table.Th className="number">Resources</Table.Th><Table.Th className="number">Cost a month</Table.Th><Table.Th>Started by</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>{jobs.map((job) => <Row key={job.job_id} job={job} />)}</Table.Tbody>
      </Table>
    </Frame>
  )
}

function Row({ job }: { job: ListedJob }) {
  const accounts = Object.keys(job.cost_summary.by_account)
  const missing = unseen(job)
  return (
    <Table.Tr>
      <Table.Td><To to="/scans/$id" params={{ id: job.job_id }}>{moment(job.created_at)}</To><Text size="xs">{since(job.created_at)}</Text></Table.Td>
      <Table.Td><StateBadge state={job.state} />{job.waiting_for && <Text size="xs">no worker is alive</Text>}</Table.Td>
      <Table.Td>{accounts.length > 2 ? plural(accounts.length, 'account') : accounts.join(', ')}</Table.Td>
      <Table.Td>
        {count(job.progress.cells_closed - missing)} of {plural(job.progress.cells_total, 'cell')}
        {missing > 0 && <Text size="xs"><To to="/scans/$id" params={{ id: job.job_id }} size="xs">{count(missing)} not seen</To></Text>}
        {!hasEnded(job.state) && <Progress value={job.progress.percent} aria-label={`${job.progress.percent} % of the cells`} />}
      </Table.Td>
      <Table.Td className="number">{job.started_at ? took(job) : ''}</Table.Td>
      <Table.Td className="number">{job.kind === 'scan' ? count(job.summary.total_resources) : 'access check'}</Table.Td>
      <Table.Td className="number">{job.kind === 'scan' ? money(job.cost_summary.estimated_monthly_total) : ''}</Table.Td>
      <Table.Td>{job.schedule_id ? <To to="/schedules" search={{ schedule: job.schedule_id }}>a schedule</To> : 'a request'}</Table.Td>
    </Table.Tr>
  )
}
