import { Group, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { FilterField } from '../inventory/FilterField'
import { basics, nameOfDimension } from './dimension'

interface ControlsProps { by: string; then: string; filter?: string; onChange: (change: { by?: string; then?: string; filter?: string }) => void }

/** Controls choose what costs are told apart by, and of which resources. */
export function Controls({ by, then, filter, onChange }: ControlsProps) {
  const account = useAccount()
  const tags = useQuery({ queryKey: ['inventory', 'tags', account, 'costs'], queryFn: ({ signal }) => tracker.inventory.tags({ ...ofAccount(account), top: 200 }, { signal }), staleTime: 60_000 })
  const all = [...new Set([...basics, ...(tags.data?.keys.map((one) => `tag:${one.key}`) ?? []), by, ...(then === 'none' ? [] : [then])])]
  const options = all.map((value) => ({ value, label: nameOfDimension(value) }))
  return (
    <>
      <Group gap="xs" align="flex-end">
        <Select label="By" data={options} value={by} onChange={(value) => value && onChange({ by: value, then: value === then ? undefined : then })} allowDeselect={false} searchable w={{ base: '100%', xs: 220 }} />
        <Select
          label="Then by" data={[{ value: 'none', label: 'nothing more' }, ...options.filter((one) => one.value !== by)]} value={then === by ? 'none' : then}
          onChange={(value) => value && onChange({ then: value })} allowDeselect={false} searchable w={{ base: '100%', xs: 220 }}
        />
      </Group>
      <FilterField key={filter} filter={filter} onFilter={(text) => onChange({ filter: text })} />
    </>
  )
}
