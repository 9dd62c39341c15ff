import { Button, Group, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { money, words } from '../../ui/format'
import { narrowOf, type Search } from './search'

/** Filters narrow the findings, and say by what they are summed up. The address holds all of it. */
export function Filters({ search, tags, onChange }: { search: Search; tags: string[]; onChange: (change: Search) => void }) {
  const rules = useQuery({ queryKey: ['findings', 'rules', search.account], queryFn: ({ signal }) => tracker.liveFindings.sums('rule', narrowOf({ account: search.account }), { signal }) })
  const choice = (label: string, name: keyof Search, all: string, data: { value: string; label: string }[]) => {
    const value = search[name] ?? null
    const known = value === null || data.some((one) => one.value === value) ? data : [{ value, label: words(value) }, ...data]
    return (
      <Select label={label} placeholder={all} data={known} value={value} onChange={(now) => onChange({ [name]: now ?? undefined })} clearable clearButtonProps={{ 'aria-label': `Clear ${label}` }} w={{ base: '100%', xs: 190 }} />
    )
  }
  const others: [keyof Search, string][] = [['region', `region ${search.region}`], ['type', `type ${words(search.type ?? '')}`], ['tag', `tag ${search.tag}`]]
  return (
    <>
      <Group gap="xs">
        {choice('Sums by', 'by', 'no groups', [
          ...['rule', 'account', 'region', 'type', 'confidence'].map((value) => ({ value, label: value })), ...tags.map((key) => ({ value: `tag:${key}`, label: `tag ${key}` })),
        ])}
        {choice('Rule', 'rule', 'All', (rules.data?.groups ?? []).map((group) => ({ value: group.key, label: `${words(group.key)}, ${money(group.monthly_saving)}` })))}
        {choice('State', 'state', 'Open', ['open', 'acknowledged', 'resolved', 'all'].map((value) => ({ value, label: value })))}
        {choice('Confidence', 'confidence', 'Any', ['high', 'medium', 'low', 'none'].map((value) => ({ value, label: value })))}
        {choice('In the sum', 'counted', 'All', [{ value: 'true', label: 'counted' }, { value: 'false', label: 'not counted' }])}
      </Group>
      {others.some(([name]) => search[name]) && (
        <Group gap="xs">
          {others.filter(([name]) => search[name]).map(([name, label]) => (
            <Button key={name} size="compact-sm" variant="default" onClick={() => onChange({ [name]: undefined })} aria-label={`No longer only ${label}`}>{label} ×</Button>
          ))}
        </Group>
      )}
    </>
  )
}
