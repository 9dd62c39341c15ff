import { MultiSelect, Select, Switch, TagsInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useAccounts } from '../../api/account'
import { tracker } from '../../api/tracker'
import { words } from '../../ui/format'
import { Failed } from '../../ui/States'
import type { FieldsProps } from './ScheduleForm'

/** ScanFields say what a scan of a schedule looks at. */
export function ScanFields({ draft, set, fault }: FieldsProps) {
  const accounts = useAccounts()
  const types = useQuery({ queryKey: ['types'], queryFn: ({ signal }) => tracker.types({ signal }), staleTime: Infinity })
  return (
    <>
      <Select label="Account" placeholder="That of the server's own identity" clearable clearButtonProps={{ 'aria-label': 'Clear the account' }} data={accounts.data?.map((one) => one.name) ?? []}
        value={draft.account || null} onChange={(account) => set({ account: account ?? '' })} error={fault('account')} description="Accounts that are registered with the server. A schedule takes no access keys: it would have to keep them." />
      <TagsInput label="Regions" placeholder={draft.regions.length === 0 ? 'Every region that the account has enabled' : ''} value={draft.regions} onChange={(regions) => set({ regions })} error={fault('regions')}
        splitChars={[',', ' ']} acceptValueOnBlur clearable clearButtonProps={{ 'aria-label': 'Clear the regions' }} description="Such as eu-west-1, each ended with Enter" />
      <MultiSelect label="Types" placeholder={draft.types.length === 0 ? 'All' : ''} searchable clearable clearButtonProps={{ 'aria-label': 'Clear the types' }} limit={60}
        data={(types.data?.types ?? []).map((one) => ({ value: one.type, label: words(one.type) }))} value={draft.types} onChange={(chosen) => set({ types: chosen })} error={fault('types')} />
      <Switch label="Read metrics" description="Finds what is idle. AWS charges for metrics that are read: $0.01 a thousand at list price." checked={draft.metrics} onChange={(event) => set({ metrics: event.currentTarget.checked })} />
      {(accounts.isError || types.isError) && <Failed error={accounts.error ?? types.error} />}
    </>
  )
}
