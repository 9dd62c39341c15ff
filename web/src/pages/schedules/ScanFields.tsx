import { MultiSelect, NumberInput, Switch } from '@mantine/core'
import { useTypes } from '../../api/jobs'
import { words } from '../../ui/format'
import { Failed } from '../../ui/States'
import { RegionsField } from './RegionsField'
import type { FieldsProps } from './ScheduleForm'

/** ScanFields say what a scan of a schedule looks at in its accounts. */
export function ScanFields({ draft, set, fault }: FieldsProps) {
  const types = useTypes()
  const choose = (label: string, placeholder: string, name: 'types' | 'leftOut', place: string) => (
    <MultiSelect label={label} placeholder={draft[name].length === 0 ? placeholder : ''} searchable clearable clearButtonProps={{ 'aria-label': `Clear: ${label}` }} limit={60}
      data={(types.data?.types ?? []).map((one) => ({ value: one.type, label: words(one.type) }))} value={draft[name]} onChange={(chosen) => set({ [name]: chosen })} error={fault(place)} />
  )
  return (
    <>
      <RegionsField value={draft.regions} onChange={(regions) => set({ regions })} error={fault('regions')} />
      {choose('Types', 'All', 'types', 'types')}
      {choose('Types to leave out', 'None', 'leftOut', 'exclude_types')}
      <Switch label="Read metrics" description="Finds what is idle. AWS charges for metrics that are read: $0.01 a thousand at list price." checked={draft.metrics} onChange={(event) => set({ metrics: event.currentTarget.checked })} />
      <Switch label="Ask for billed costs" description="Beside the estimate. AWS charges for each call: $0.01 at list price." checked={draft.billed} onChange={(event) => set({ billed: event.currentTarget.checked })} />
      {draft.billed && <NumberInput label="Paid calls of a run, at most" min={0} max={1000} value={draft.paid} onChange={(value) => set({ paid: Number(value) })} error={fault('billed_cost.max_paid_calls')} w={{ base: '100%', xs: 220 }} hideControls />}
      {types.isError && <Failed error={types.error} />}
    </>
  )
}
