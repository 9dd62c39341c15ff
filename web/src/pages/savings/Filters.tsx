import { Group, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { money, words } from '../../ui/format'

interface Search { rule?: string; state?: string; confidence?: string; counted?: string }

/** Filters narrow the findings. The address holds them. */
export function Filters({ search, onChange }: { search: Search; onChange: (change: Search) => void }) {
  const rules = useQuery({ queryKey: ['findings', 'rules'], queryFn: ({ signal }) => tracker.liveFindings.sums('rule', {}, { signal }) })
  const choice = (label: string, name: keyof Search, all: string, data: { value: string; label: string }[]) => (
    <Select label={label} placeholder={all} data={data} value={search[name] ?? null} onChange={(value) => onChange({ [name]: value ?? undefined })} clearable clearButtonProps={{ 'aria-label': `Clear ${label}` }} w={{ base: '100%', xs: 210 }} />
  )
  return (
    <Group gap="xs">
      {choice('Rule', 'rule', 'All', (rules.data?.groups ?? []).map((group) => ({ value: group.key, label: `${words(group.key)}, ${money(group.monthly_saving)}` })))}
      {choice('State', 'state', 'Open', ['open', 'acknowledged', 'resolved', 'all'].map((value) => ({ value, label: value })))}
      {choice('Confidence', 'confidence', 'Any', ['high', 'medium', 'low', 'none'].map((value) => ({ value, label: value })))}
      {choice('In the sum', 'counted', 'All', [{ value: 'true', label: 'counted' }, { value: 'false', label: 'not counted' }])}
    </Group>
  )
}
