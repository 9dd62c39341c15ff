import { List, Text } from '@mantine/core'
import { money, words } from './format'

interface FieldChange { field: string; old: unknown; new: unknown }

/** FieldChanges is what differs in a resource: of each field what it was, and what it is. */
export function FieldChanges({ fields }: { fields: FieldChange[] }) {
  return (
    <List size="sm" listStyleType="none" spacing={2}>
      {fields.map((one) => (
        <List.Item key={one.field}>
          <Text size="sm" component="span" fw={600}>{nameOf(one.field)}</Text>{' '}
          <Value field={one.field} value={one.old} /> → <Value field={one.field} value={one.new} />
        </List.Item>
      ))}
    </List>
  )
}

/** Value is a value of a field. A long one is folded away behind its beginning. */
function Value({ field, value }: { field: string; value: unknown }) {
  const text = value === null || value === undefined ? 'not there' : field === 'estimated_cost_monthly' && typeof value === 'number' ? money(value) : typeof value === 'string' ? value || '(empty)' : JSON.stringify(value)
  if (value == null) return <em>{text}</em>
  if (text.length <= 120) return <span className="mono">{text}</span>
  return <details><summary className="mono">{text.slice(0, 100)}…</summary><span className="mono">{text}</span></details>
}

const nameOf = (field: string): string => (field === 'estimated_cost_monthly' ? 'cost a month' : field.startsWith('tags.') ? `tag ${field.slice(5)}` : words(field.replace(/^metadata\./, '')))
