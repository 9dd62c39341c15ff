import { Button, Group, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { tracker } from '../../api/tracker'
import { count, moment, zone } from '../../ui/format'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { Filters } from './Filters'
import { Lines } from './Lines'
import { exportURL, queryOf, type Search, timeOf } from './query'
import { Verify } from './Verify'

/** Audit tells who did what, the newest first. The address holds what it is narrowed to. */
export default function Audit() {
  const search: Search = useSearch({ from: '/shell/audit' })
  const navigate = useNavigate({ from: '/audit' })
  const pages = useInfiniteQuery({
    queryKey: ['audit', search],
    queryFn: ({ pageParam, signal }) => tracker.auditPage({ ...queryOf(search), order: 'newest', limit: 50, before: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_before,
  })
  const lines = pages.data?.pages.flatMap((page) => page.events)
  const next = pages.data?.pages.at(-1)?.next_before
  const isNarrowed = Object.values(search).some(Boolean)
  return (
    <Stack gap="md">
      <Heading title="Audit">
        {lines && <Text size="sm" role="status">{count(lines.length)}{next ? ' and more' : ''}, the newest first, times in {zone}</Text>}
      </Heading>
      <Group gap="xs">
        <Verify />
        <Button component="a" variant="default" href={exportURL(search)} download="audit.ndjson">Export{isNarrowed ? ' what is shown' : ''}</Button>
        <Button variant="default" onClick={() => void pages.refetch()} loading={pages.isRefetching}>Look again</Button>
      </Group>
      <Filters key={JSON.stringify(search)} search={search} onFilter={(change) => void navigate({ search: change })} />
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {!lines && pages.isPending && <Loading what="the audit" height={420} />}
      {lines?.length === 0 && !next && <Empty title={isNarrowed ? 'No line matches' : 'Nothing was done yet'}>{isNarrowed ? 'Take a condition out.' : 'Each sign-in, plan, call and change will be a line.'}</Empty>}
      {lines && lines.length > 0 && <Lines lines={lines} />}
      {next && <Text size="sm">Looked at all that was written since {moment(timeOf(next))}.</Text>}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>Older lines</Button>}
    </Stack>
  )
}
