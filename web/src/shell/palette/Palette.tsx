import { Modal, Text, TextInput } from '@mantine/core'
import { type KeyboardEvent, useId, useState } from 'react'
import { plural } from '../../ui/format'
import { useEntries } from './useEntries'

/** Palette leads to pages, verbs and resources by a few letters of them. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [place, setPlace] = useState(0)
  const list = useId()
  const { entries, note } = useEntries(text)
  const at = Math.min(place, entries.length - 1)
  const pick = (index: number) => {
    const entry = entries[index]
    if (!entry) return
    onClose()
    entry.go()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }
    const next = steps[event.key]
    if (next !== undefined && entries.length > 0) {
      event.preventDefault()
      setPlace((next + entries.length) % entries.length)
      document.getElementById(`${list}-${(next + entries.length) % entries.length}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      pick(at)
    }
  }
  return (
    <Modal opened onClose={onClose} title="Go to" size="lg">
      <TextInput
        data-autofocus aria-label="A page, a verb, or a resource by its name or ID" placeholder="A page, a verb, or a resource by its name or ID" maxLength={256}
        value={text} onChange={(event) => { setText(event.currentTarget.value); setPlace(0) }} onKeyDown={onKeyDown} autoComplete="off" spellCheck={false}
        role="combobox" aria-expanded aria-controls={list} aria-autocomplete="list" aria-activedescendant={entries.length > 0 ? `${list}-${at}` : undefined}
      />
      <ul id={list} role="listbox" aria-label="Found" className="palette">
        {entries.map((entry, index) => (
          <li key={entry.key} id={`${list}-${index}`} role="option" aria-selected={index === at} onClick={() => pick(index)} onMouseMove={() => setPlace(index)}>
            <span>{entry.label}</span><Text size="xs" component="span">{entry.hint}</Text>
          </li>
        ))}
      </ul>
      <Text size="sm" role="status">{note ?? plural(entries.length, 'entry', 'entries')}</Text>
    </Modal>
  )
}
