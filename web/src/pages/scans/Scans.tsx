import { hasEnded } from '@consolesensei/resource-tracker'
import { Progress, Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from '@mantine/core'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { count, moment, money, since } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { To } from '../../ui/To'
import { NewScan } from './NewScan'

/** Scans lists scans and access checks, the newest first. */
export default function Scans() {
  const mayScan = useMay('scan')
  const pages = useInfiniteQuery({
    queryKey: ['jobs'],
    queryFn: ({ pageParam, signal }) => tracker.jobs.page({ limit: 25, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: (query) => (query.state.data?.pages[0]?.jobs.some((job) => !hasEnded(job.state)) ? 2_000 : 30_000),
  })
  const jobs = pages.data?.pages.flatMap((page) => page.jobs)
  return (
    <Stack gap="md">
      <Heading title="Scans">{mayScan && <NewScan />}</Heading>
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {!jobs && pages.isPending && <Loading what="the scans" height={320} />}
      {jobs?.length === 0 && <Empty title="There is no scan yet">{mayScan ? 'Start one: it changes nothing in the account.' : 'Somebody with the role operator can start one.'}</Empty>}
      {jobs && jobs.length > 0 && (
        <Frame name="Scans" width={720}>
          <Table>
            <Table.Thead>
              <Table.Tr><Table.Th>Began</Table.Th><Table.Th>State</Table.Th><Table.Th>Cells</Table.Th><Table.Th className="number">Resources</Table.Th><Table.Th className="number">Cost a month</Table.Th><Table.Th>Started by</Table.Th></Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {jobs.map((job) => (
                <Table.Tr key={job.job_id}>
                  <Table.Td><To to="/scans/$id" params={{ id: job.job_id }}>{moment(job.created_at)}</To><Text size="xs">{since(job.created_at)}</Text></Table.Td>
                  <Table.Td><StateBadge state={job.state} />{job.waiting_for && <Text size="xs">no worker is alive</Text>}</Table.Td>
                  <Table.Td>
                    {count(job.progress.cells_closed)} of {count(job.progress.cells_total)}
                    {!hasEnded(job.state) && <Progress value={job.progress.percent} aria-label={`${job.progress.percent} % of the cells`} />}
                  </Table.Td>
                  <Table.Td className="number">{job.kind === 'scan' ? count(job.summary.total_resources) : 'access check'}</Table.Td>
                  <Table.Td className="number">{job.kind === 'scan' ? money(job.cost_summary.estimated_monthly_total) : ''}</Table.Td>
                  <Table.Td>{job.schedule_id ? 'a schedule' : 'a request'}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Frame>
      )}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>Older scans</Button>}
    </Stack>
  )
}
