import { Button, Group, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { choices } from './kinds'
import type { Search } from './query'

/** Filters narrow the lines. They are asked for together, so that no half of a name is. */
export function Filters({ search, onFilter }: { search: Search; onFilter: (search: Search) => void }) {
  const [draft, setDraft] = useState(search)
  const set = (change: Search) => setDraft((now) => ({ ...now, ...change }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onFilter(Object.fromEntries(Object.entries(draft).map(([name, value]: [string, string | undefined]) => [name, value?.trim() || undefined])))
  }
  const text = (label: string, name: 'who' | 'target', placeholder: string) => (
    <TextInput label={label} placeholder={placeholder} value={draft[name] ?? ''} onChange={(event) => set({ [name]: event.currentTarget.value })} maxLength={256} spellCheck={false} autoCapitalize="none" w={{ base: '100%', xs: 200 }} />
  )
  const day = (label: string, name: 'from' | 'to') => <TextInput type="date" label={label} value={draft[name] ?? ''} onChange={(event) => set({ [name]: event.currentTarget.value })} w={{ base: '100%', xs: 150 }} />
  return (
    <form onSubmit={submit} role="search">
      <Group gap="xs" align="flex-end">
        {text('Who', 'who', 'part of a name')}
        <Select label="Action" placeholder="All" data={choices} value={draft.action ?? null} onChange={(action) => set({ action: action ?? undefined })} searchable clearable clearButtonProps={{ 'aria-label': 'Clear the action' }} w={{ base: '100%', xs: 210 }} />
        {text('About', 'target', 'ID of a resource, plan…')}
        {day('From', 'from')}
        {day('To', 'to')}
        <Button type="submit">Filter</Button>
        {Object.values(search).some(Boolean) && <Button variant="default" onClick={() => onFilter({})}>Clear</Button>}
      </Group>
    </form>
  )
}
