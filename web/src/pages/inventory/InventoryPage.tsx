import { Button, Group, SegmentedControl, Stack } from '@mantine/core'
import { useHotkeys, useLocalStorage, useMediaQuery } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useRef, useState } from 'react'
import { queries } from '../../api/queries'
import { Partial } from '../../ui/Partial'
import { Heading } from '../../ui/States'
import { ResourceDrawer } from '../resource/ResourceDrawer'
import { AsOf, Past } from './AsOf'
import { ColumnChooser } from './ColumnChooser'
import { chosenColumns } from './columns'
import { Export } from './Export'
import { Facets } from './Facets'
import { FilterField } from './FilterField'
import { GroupBy, Groups } from './Groups'
import { Help } from './Help'
import './inventory.css'
import { List } from './List'
import { Tags } from './Tags'
import { Total } from './Total'
import { faultOf, useCounts } from './useInventory'
import { Views } from './Views'

type Search = { filter?: string; sort?: string; resource?: string; group?: string; columns?: string; at?: string }

/** InventoryPage shows what there is, as rows, by group or by tag. The address holds all that was chosen, and the resource that is open. */
export default function InventoryPage() {
  const { resource, ...view } = useSearch({ from: '/shell/inventory' })
  const { filter, at, group, columns } = view
  const navigate = useNavigate({ from: '/inventory' })
  const set = useCallback((change: Search) => {
    void navigate({ search: (now) => ({ ...now, ...change }), replace: 'resource' in change })
  }, [navigate])
  const onOpen = useCallback((key: string) => set({ resource: key }), [set])
  const onSort = useCallback((sort: string) => set({ sort }), [set])
  const onFilter = useCallback((text: string | undefined) => set({ filter: text }), [set])
  const [hasKeys, setKeys] = useLocalStorage({ key: 'inventory-keys', defaultValue: true })
  const field = useRef<{ focus: () => void }>(null)
  useHotkeys(hasKeys ? [['/', () => field.current?.focus()]] : [])
  const [shows, setShows] = useState<'resources' | 'tags'>('resources')
  const counts = useCounts(filter, at, ['type', 'region', 'account', 'state'], 8)
  const fault = faultOf(counts.error)
  const isWide = useMediaQuery('(min-width: 75em)', undefined, { getInitialValueInEffect: false })
  const facets = <Facets filter={filter} at={at} onFilter={onFilter} />
  return (
    <Stack gap="sm">
      <Heading title="Inventory">
        {counts.data && !counts.isError && <Total {...counts.data} />}
      </Heading>
      {at && <Past of={counts.isPlaceholderData ? undefined : counts.data?.at} onNow={() => set({ at: undefined })} />}
      <FilterField ref={field} filter={filter} at={at} fault={fault} onFilter={onFilter} />
      <Group gap="xs" align="flex-end">
        <SegmentedControl size="xs" aria-label="Show" value={shows} onChange={(value) => setShows(value as 'resources' | 'tags')} data={[{ value: 'resources', label: 'Resources' }, { value: 'tags', label: 'Tags' }]} />
        <GroupBy group={group} at={at} onGroup={(by) => { setShows('resources'); set({ group: by }) }} />
        <AsOf at={at} onAt={(day) => set({ at: day })} />
        <ColumnChooser chosen={chosenColumns(columns).map((column) => column.id)} at={at} onColumns={(next) => set({ columns: next })} />
        <Views search={view} />
        <Export selection={view} columns={columns} moment={counts.isPlaceholderData ? undefined : counts.data?.at} />
        <Button variant="default" size="xs" onClick={() => void queries.resetQueries({ queryKey: ['inventory'] })}>Refresh</Button>
        <Help hasKeys={hasKeys} onKeys={setKeys} />
      </Group>
      {counts.data && !counts.isError && <Partial coverage={counts.data.coverage} pending={counts.data.pending_scans} />}
      {!fault && (
        <div className="inventory">
          {isWide ? <div className="inventory-aside" role="region" aria-label="Facets" tabIndex={0}>{facets}</div> : <details><summary>Facets</summary>{facets}</details>}
          {shows === 'tags' ? <Tags filter={filter} at={at} onFilter={(text) => { setShows('resources'); onFilter(text) }} />
            : group ? <Groups group={group} filter={filter} at={at} columns={columns} />
              : <List selection={view} columns={columns} total={counts.data?.total.resources} hasKeys={hasKeys} onSort={onSort} onOpen={onOpen} />}
        </div>
      )}
      <ResourceDrawer resourceKey={resource} onClose={() => set({ resource: undefined })} />
    </Stack>
  )
}
