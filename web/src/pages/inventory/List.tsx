import { Stack } from '@mantine/core'
import { useMemo } from 'react'
import { useAccount } from '../../api/account'
import { Empty, Failed, Loading } from '../../ui/States'
import { chosenColumns } from './columns'
import { Grid } from './Grid'
import { type Selection, useRows } from './useInventory'

interface ListProps { selection: Selection; columns?: string; total?: number; hasKeys: boolean; onSort: (sort: string) => void; onOpen: (key: string) => void }

/** List is the grid with its states: what is asked for, what failed, and why nothing is there. */
export function List({ selection, columns, total, hasKeys, onSort, onOpen }: ListProps) {
  const { pages, first, count, rowAt } = useRows(selection)
  const account = useAccount()
  const chosen = useMemo(() => chosenColumns(columns), [columns])
  const more = pages.hasNextPage && !pages.isFetching && !pages.isError ? pages.fetchNextPage : undefined
  return (
    <Stack gap="xs">
      {pages.isError && <Failed error={pages.error} again={() => void (first ? pages.fetchNextPage() : pages.refetch())} />}
      {!first && pages.isPending && <Loading what="the inventory" height={420} />}
      {first && count === 0 && (
        <Empty title={selection.filter ? 'Nothing matches the filter' : selection.at ? 'Nothing was there then' : 'Nothing is there'}>
          {selection.filter ? 'Take a condition out of it.' : first.coverage.cells === 0 ? (account ? 'No scan has seen anything of this account.' : 'No scan had seen anything yet.') : 'All cells that were looked at are empty.'}
        </Empty>
      )}
      {count > 0 && <Grid columns={chosen} count={count} rowAt={rowAt} total={total} sort={selection.sort} hasKeys={hasKeys} onSort={onSort} onOpen={onOpen} more={more} />}
    </Stack>
  )
}
