import { Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { tracker } from '../../api/tracker'
import { count, moment } from '../../ui/format'
import { Partial } from '../../ui/Partial'
import { Empty, Failed, Heading, Loading } from '../../ui/States'
import { FilterField } from './FilterField'
import { Grid } from './Grid'
import { ResourceDrawer } from './ResourceDrawer'

/** InventoryPage lists what there is. The address holds the filter, the order and the resource that is open. */
export default function InventoryPage() {
  const { filter, sort, resource } = useSearch({ from: '/shell/inventory' })
  const navigate = useNavigate({ from: '/inventory' })
  const set = useCallback((change: { filter?: string; sort?: string; resource?: string }) => {
    void navigate({ search: (now) => ({ ...now, ...change }), replace: 'resource' in change })
  }, [navigate])
  const pages = useInfiniteQuery({
    queryKey: ['inventory', 'list', filter, sort],
    queryFn: ({ pageParam, signal }) => tracker.inventory.page({ filter, sort, limit: 200, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 60_000,
  })
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.resources) ?? [], [pages.data])
  const first = pages.data?.pages[0]
  const more = pages.hasNextPage && !pages.isFetching && !pages.isError ? pages.fetchNextPage : undefined
  const onOpen = useCallback((key: string) => set({ resource: key }), [set])
  const onSort = useCallback((by: string) => set({ sort: by }), [set])
  return (
    <Stack gap="sm">
      <Heading title="Inventory">
        {first && <Text size="sm" role="status">{count(rows.length)}{pages.hasNextPage ? ' and more' : ''} as of {moment(first.at)}</Text>}
      </Heading>
      <FilterField key={filter} filter={filter} onFilter={(text) => set({ filter: text })} />
      {pages.isError && <Failed error={pages.error} again={() => void (first ? pages.fetchNextPage() : pages.refetch())} />}
      {first && <Partial coverage={first.coverage} pending={first.pending_scans} />}
      {!first && pages.isPending && <Loading what="the inventory" height={420} />}
      {first && rows.length === 0 && (
        <Empty title={filter ? 'Nothing matches the filter' : 'Nothing is there'}>
          {filter ? 'Take a condition out of it.' : first.coverage.cells === 0 ? 'No scan has seen anything yet.' : 'All cells that were looked at are empty.'}
        </Empty>
      )}
      {rows.length > 0 && <Grid rows={rows} sort={sort} onSort={onSort} onOpen={onOpen} more={more} />}
      <ResourceDrawer resourceKey={resource} onClose={() => set({ resource: undefined })} />
    </Stack>
  )
}
