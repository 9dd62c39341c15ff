import { MultiSelect, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { words } from '../../ui/format'
import { Failed } from '../../ui/States'
import { RegionsField } from './RegionsField'
import type { FieldsProps } from './ScheduleForm'

/** ScanFields say what a scan of a schedule looks at in its accounts. */
export function ScanFields({ draft, set, fault }: FieldsProps) {
  const types = useQuery({ queryKey: ['types'], queryFn: ({ signal }) => tracker.types({ signal }), staleTime: Infinity })
  return (
    <>
      <RegionsField value={draft.regions} onChange={(regions) => set({ regions })} error={fault('regions')} />
      <MultiSelect label="Types" placeholder={draft.types.length === 0 ? 'All' : ''} searchable clearable clearButtonProps={{ 'aria-label': 'Clear the types' }} limit={60}
        data={(types.data?.types ?? []).map((one) => ({ value: one.type, label: words(one.type) }))} value={draft.types} onChange={(chosen) => set({ types: chosen })} error={fault('types')} />
      <Switch label="Read metrics" description="Finds what is idle. AWS charges for metrics that are read: $0.01 a thousand at list price." checked={draft.metrics} onChange={(event) => set({ metrics: event.currentTarget.checked })} />
      {types.isError && <Failed error={types.error} />}
    </>
  )
}
