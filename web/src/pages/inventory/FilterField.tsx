import { Button, CloseButton, Combobox, Group, Text, TextInput, useCombobox } from '@mantine/core'
import { type FormEvent, type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { count, plural } from '../../ui/format'
import { type Choice, type Known, type Place, completions, hasValues, placeOf } from './complete'
import { Fault } from './Fault'
import { useCounts, useTagKeys } from './useInventory'

interface FilterFieldProps { filter?: string; at?: string; fault?: string; onFilter: (filter: string | undefined) => void; ref?: Ref<{ focus: () => void }> }

/**
 * FilterField takes the filter language and completes it: fields, tests, and the values that there are. It is asked for on Enter, so that no half of a
 * filter is. What the server says is wrong with it is shown at its place.
 */
export function FilterField({ filter = '', at, fault, onFilter, ref }: FilterFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(filter)
  const [caret, setCaret] = useState(0)
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const place = combobox.dropdownOpened ? placeOf(text, caret) : undefined
  const options = completions(place, useValues(place, at), useKeys(place, at))
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }), [])
  useEffect(() => setText(filter), [filter])
  // Another list than before begins with nothing selected: Enter then asks for the filter.
  useEffect(() => combobox.resetSelectedOption(), [text, caret])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    combobox.closeDropdown()
    onFilter(text.trim() || undefined)
  }
  const pick = ({ insert }: Choice) => {
    if (!place) return
    const end = place.from + insert.length
    // At once: what is typed before the next frame comes after it.
    flushSync(() => {
      setText(text.slice(0, place.from) + insert + text.slice(caret))
      setCaret(end)
    })
    input.current?.setSelectionRange(end, end)
  }
  const moved = () => setCaret(input.current?.selectionStart ?? 0)
  return (
    <form onSubmit={submit} role="search">
      <Combobox store={combobox} position="bottom-start" onOptionSubmit={(label) => { const one = options.find((option) => option.label === label); if (one) pick(one) }}>
        <Group gap="xs" align="flex-end">
          <Combobox.Target withExpandedAttribute>
            <TextInput
              ref={input} label="Filter" placeholder="type:EBS_Volume state:available cost>5" value={text} flex={1} miw={150} maxLength={8192} spellCheck={false} autoCapitalize="none"
              autoComplete="off" error={fault !== undefined} withErrorStyles={false}
              onChange={(event) => { setText(event.currentTarget.value); setCaret(event.currentTarget.selectionStart ?? 0); combobox.openDropdown() }}
              onSelect={moved} onClick={() => { moved(); combobox.openDropdown() }} onBlur={() => combobox.closeDropdown()}
              rightSection={text && <CloseButton aria-label="Clear the filter" onClick={() => { setText(''); onFilter(undefined) }} />}
            />
          </Combobox.Target>
          <Button type="submit">Filter</Button>
        </Group>
        <Combobox.Dropdown hidden={options.length === 0}>
          <Combobox.Options aria-label="Completions" mah={260} className="scroll">
            {options.map((one) => (
              <Combobox.Option key={one.label} value={one.label}>
                <Group justify="space-between" gap="md" wrap="nowrap"><span className="mono">{one.label}</span><Text size="xs">{one.says}</Text></Group>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {fault !== undefined && <Fault filter={filter} fault={fault} />}
    </form>
  )
}

/** useValues are the values that resources have of the field at the caret. */
function useValues(place: Place | undefined, at: string | undefined): Known[] {
  const field = place?.kind === 'value' && hasValues(place.field) ? place.field : undefined
  const counts = useCounts(undefined, at, field ? [field] : [], 500, field !== undefined)
  const found = field === undefined ? undefined : counts.data?.facets.find((one) => one.by[0] === field)
  return found?.groups.flatMap((group) => (group.keys[0] == null ? [] : [{ value: group.keys[0], says: count(group.resources) }])) ?? []
}

/** useKeys are the keys of tags that resources carry. */
function useKeys(place: Place | undefined, at: string | undefined): Known[] {
  const keys = useTagKeys(undefined, at, place?.kind === 'key')
  return keys.data?.keys.map((one) => ({ value: one.key, says: plural(one.resources, 'resource') })) ?? []
}
