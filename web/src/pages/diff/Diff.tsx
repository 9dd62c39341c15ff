import { type Schemas, TrackerError } from '@consolesensei/resource-tracker'
import { Button, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { count } from '../../ui/format'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { ResourceDrawer } from '../resource/ResourceDrawer'
import { ChangeTable } from './ChangeTable'
import { Compare } from './Compare'
import { NotKnown } from './NotKnown'
import { Summary } from './Summary'

export interface Asked { from?: string; to?: string; filter?: string; change?: string }

const kinds = ['added', 'removed', 'changed'] as const

/** Diff is what has changed between two times or two scans. What could not be seen at both is named, and nothing of it counts. */
export default function Diff() {
  const { from, to, filter, change, resource } = useSearch({ from: '/shell/diff' })
  const account = useAccount()
  const navigate = useNavigate({ from: '/diff' })
  const set = (members: Asked & { resource?: string }) => void navigate({ search: (now) => ({ ...now, ...members }), replace: 'resource' in members })
  const kind = kinds.find((one) => one === change)
  const pages = useInfiniteQuery({
    queryKey: ['diff', 'list', account, from, to, filter, kind],
    queryFn: ({ pageParam, signal }) => tracker.trends.diffPage({ ...ofAccount(account), from, to, filter, ...(kind && { changes: [kind] }), limit: 100, unknown_limit: 200, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 60_000,
  })
  const first = pages.data?.pages[0]
  const changes = pages.data?.pages.flatMap((page) => page.changes) ?? []
  const hasNoHistory = !from && !to && pages.error instanceof TrackerError && pages.error.status === 404
  return (
    <Stack gap="md">
      <Heading title="Changes">{first?.summary && <Text size="sm" role="status">{count(totalOf(first.summary))} {kind ?? 'in all'}</Text>}</Heading>
      <Compare key={`${from} ${to} ${filter}`} asked={{ from, to, filter, change: kind }} onAsk={set} />
      {hasNoHistory ? <Empty title="No scan has seen anything yet">Changes are told from the second scan on.</Empty>
        : pages.isError && <Failed error={pages.error} again={() => void (first ? pages.fetchNextPage() : pages.refetch())} />}
      {!first && pages.isPending && <Loading what="what has changed" height={420} />}
      {first && <NotKnown unknown={first.unknown} />}
      {first?.summary && <Summary summary={first.summary} from={first.from} to={first.to} />}
      {first && changes.length === 0 && <Empty title="Nothing has changed">{first.unknown.cells + first.unknown.cells_known === 0 ? 'No scan has looked at what could have.' : first.complete ? 'Every cell was seen both times.' : 'Of the cells that were seen both times. Of the others it is not known.'}</Empty>}
      {first?.summary && changes.length > 0 && <ChangeTable changes={changes} of={totalOf(first.summary)} total={first.summary} onOpen={(key) => set({ resource: key })} />}
      {pages.hasNextPage && <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>More changes</Button>}
      <ResourceDrawer resourceKey={resource} onClose={() => set({ resource: undefined })} />
    </Stack>
  )
}

const totalOf = (summary: Schemas['Totals']): number => summary.added + summary.removed + summary.changed
