import { Checkbox, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { words } from './format'

interface LiftsProps { rules: string[]; lifted: string[]; onLift: (rules: string[]) => void; error?: string }

/** Lifts chooses which of the rules that an action may lift must not stop it. It is nothing where there are none. */
export function Lifts({ rules, lifted, onLift, error }: LiftsProps) {
  const [isLifted] = useState(lifted.length > 0)
  const all = [...new Set([...rules, ...lifted])]
  if (all.length === 0) return null
  return (
    <details open={isLifted || error !== undefined}>
      <summary><Text size="sm" component="span">Rules to lift</Text></summary>
      <Checkbox.Group value={lifted} onChange={onLift} aria-label="Rules to lift" error={error} description="A rule protects the resource. A plan says which one refuses it: lift none without knowing why it holds.">
        <Stack gap={4} mt="xs">{all.map((rule) => <Checkbox key={rule} value={rule} label={words(rule)} />)}</Stack>
      </Checkbox.Group>
    </details>
  )
}
