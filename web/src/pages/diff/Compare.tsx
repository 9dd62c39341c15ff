import { hasEnded } from '@consolesensei/resource-tracker'
import { Button, Group, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { tracker } from '../../api/tracker'
import type { Asked } from './Diff'

const spans = [{ label: 'A day', from: '1d' }, { label: 'Seven days', from: undefined }, { label: 'Thirty days', from: '30d' }]

/** Compare says what is compared. The address holds it. */
export function Compare({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  const [from, setFrom] = useState(asked.from ?? '')
  const [to, setTo] = useState(asked.to ?? '')
  const [filter, setFilter] = useState(asked.filter ?? '')
  const before = useScanBefore()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onAsk({ from: from.trim() || undefined, to: to.trim() || undefined, filter: filter.trim() || undefined })
  }
  const span = (label: string, times: { from?: string; to?: string }) => (
    <Button key={label} size="compact-sm" variant={asked.from === times.from && asked.to === times.to ? 'filled' : 'default'} aria-pressed={asked.from === times.from && asked.to === times.to} onClick={() => onAsk({ from: times.from, to: times.to })}>{label}</Button>
  )
  return (
    <form onSubmit={submit} role="search">
      <Group gap="xs" mb="xs" role="group" aria-label="Since when">
        {spans.map((one) => span(one.label, { from: one.from, to: undefined }))}
        {before && span('The newest scan', before)}
      </Group>
      <Group gap="xs" align="flex-start">
        <TextInput label="From" placeholder="7d" description="Day, moment, 7d or scan ID" value={from} onChange={(event) => setFrom(event.currentTarget.value)} maxLength={64} spellCheck={false} autoCapitalize="none" w={{ base: '100%', xs: 250 }} />
        <TextInput label="To" placeholder="now" description="The same, and later" value={to} onChange={(event) => setTo(event.currentTarget.value)} maxLength={64} spellCheck={false} autoCapitalize="none" w={{ base: '100%', xs: 250 }} />
        <TextInput label="Filter" placeholder="type:EC2_Instance tag:Team=payments" description="As it was or as it is" value={filter} onChange={(event) => setFilter(event.currentTarget.value)} maxLength={8192} spellCheck={false} autoCapitalize="none" flex={1} miw={220} />
        <Select
          label="Change" description="Which of them" placeholder="All" data={['added', 'removed', 'changed']} value={asked.change ?? null} onChange={(value) => onAsk({ change: value ?? undefined })}
          clearable clearButtonProps={{ 'aria-label': 'Clear Change' }} w={{ base: '100%', xs: 150 }}
        />
        <Button type="submit" mt={{ base: 0, xs: 47 }}>Compare</Button>
      </Group>
    </form>
  )
}

/** useScanBefore is the newest scan that has ended, beside what was known until it began. */
function useScanBefore(): { from: string; to: string } | undefined {
  const jobs = useQuery({ queryKey: ['jobs', 'newest'], queryFn: ({ signal }) => tracker.jobs.list({ limit: 50 }, { signal }).first() })
  const newest = jobs.data?.jobs.find((job) => job.kind === 'scan' && hasEnded(job.state) && job.state !== 'cancelled')
  return newest?.started_at ? { from: new Date(Date.parse(newest.started_at) - 1).toISOString(), to: newest.job_id } : undefined
}
