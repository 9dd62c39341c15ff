import { hasEnded, type ListedJob } from '@consolesensei/resource-tracker'
import { Button, Group, MultiSelect, Progress, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ofAccount, useAccount } from '../../api/account'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { AccountUnknown, MayBeOfAnother } from '../../ui/AccountUnknown'
import { Frame } from '../../ui/Frame'
import { count, moment, money, plural, since, words } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { took, unseen } from './coverage'
import { NewScan } from './NewScan'
import { Retry } from './Retry'

const states: ListedJob['state'][] = ['queued', 'running', 'finalizing', 'succeeded', 'partial', 'failed', 'cancelled']

/** Scans lists scans and access checks, the newest first. */
export default function Scans() {
  const mayScan = useMay('scan')
  const account = useAccount()
  const search = useSearch({ from: '/shell/scans' })
  const chosen = states.filter((one) => search.state?.split(',').includes(one))
  const navigate = useNavigate({ from: '/scans' })
  const pages = useInfiniteQuery({
    queryKey: ['jobs', 'list', chosen, account],
    queryFn: ({ pageParam, signal }) => tracker.jobs.page({ ...ofAccount(account), limit: 50, cursor: pageParam, ...(chosen.length > 0 && { state: chosen }) }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => (query.state.data?.pages[0]?.jobs.some((job) => !hasEnded(job.state)) ? 2_000 : 30_000),
  })
  const jobs = pages.data?.pages.flatMap((page) => page.jobs)
  const none = jobs?.length === 0 && chosen.length === 0 && !account && !pages.hasNextPage
  return (
    <Stack gap="md">
      <Heading title="Scans">{mayScan && <NewScan />}</Heading>
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {none && <Empty title="There is no scan yet">{mayScan ? <>Start one, or <To to="/connect">connect an account</To>: it changes nothing there.</> : 'Somebody with the role operator can start one.'}</Empty>}
      {!none && (
        <Group gap="md" align="flex-end">
          <MultiSelect label="State" placeholder={chosen.length === 0 ? 'Any' : ''} data={states.map((one) => ({ value: one, label: words(one) }))} value={chosen} clearable
            clearButtonProps={{ 'aria-label': 'Clear the states' }} onChange={(next) => void navigate({ search: next.length > 0 ? { state: next.join(',') } : {}, replace: true })} miw={220} />
          <Text size="sm" role="status">{jobs && jobs.length > 0 && `${count(jobs.length)} shown, ${pages.hasNextPage ? 'the newest: there may be older ones' : 'which is all'}`}</Text>
        </Group>
      )}
      {!jobs && pages.isPending && <Loading what="the scans" height={320} />}
      {jobs?.length === 0 && !none && <Empty title={`No scan${account ? ' of this account' : ''}${chosen.length > 0 ? ` is ${chosen.map(words).join(' or ')}` : ''}${pages.hasNextPage ? ' among the newest' : ''}`} />}
      {jobs && <AccountUnknown rows={jobs}>A scan that names no account is known once AWS has said its account, which it never does of credentials that it refuses.</AccountUnknown>}
      {jobs && jobs.length > 0 && <List jobs={jobs} mayScan={mayScan} />}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>Older scans</Button>}
    </Stack>
  )
}

/** List is scans, with how much of what they looked at they have seen. */
function List({ jobs, mayScan }: { jobs: ListedJob[]; mayScan: boolean }) {
  return (
    <Frame name="Scans" width={900}>
      <Table>
        <thead>
          <tr><th>Began</th><th>State</th><th>Account</th><th>Coverage</th><th className="number">Took</th><th className="number">Resources</th><th className="number">Cost a month</th><th>Started by</th></tr>
        </thead>
        <tbody>{jobs.map((job) => <Row key={job.job_id} job={job} mayScan={mayScan} />)}</tbody>
      </Table>
    </Frame>
  )
}

function Row({ job, mayScan }: { job: ListedJob; mayScan: boolean }) {
  const accounts = Object.keys(job.cost_summary.by_account)
  const missing = unseen(job)
  return (
    <tr>
      <td><To to="/scans/$id" params={{ id: job.job_id }}>{moment(job.created_at)}</To><Text size="xs">{since(job.created_at)}</Text></td>
      <td><StateBadge state={job.state} />{job.waiting_for && <Text size="xs">no worker is alive</Text>}</td>
      <td>{accounts.length > 2 ? plural(accounts.length, 'account') : accounts.join(', ')}<MayBeOfAnother row={job} /></td>
      <td>
        {count(job.progress.cells_closed - missing)} of {plural(job.progress.cells_total, 'cell')}
        {missing > 0 && <Text size="xs"><To to="/scans/$id" params={{ id: job.job_id }} size="xs">{count(missing)} not seen</To></Text>}
        {mayScan && missing > 0 && job.kind === 'scan' && hasEnded(job.state) && <Retry id={job.job_id} cells={missing} size="compact-xs" onRetried={() => undefined} />}
        {!hasEnded(job.state) && <Progress value={job.progress.percent} aria-label={`${job.progress.percent} % of the cells`} />}
      </td>
      <td className="number">{job.started_at ? took(job) : ''}</td>
      <td className="number">{job.kind === 'scan' ? count(job.summary.total_resources) : 'access check'}</td>
      <td className="number">{job.kind === 'scan' ? money(job.cost_summary.estimated_monthly_total) : ''}</td>
      <td>{job.schedule_id ? <To to="/schedules" search={{ schedule: job.schedule_id }}>a schedule</To> : 'a request'}</td>
    </tr>
  )
}
