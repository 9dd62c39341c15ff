import type { LiveFinding } from '@consolesensei/resource-tracker'
import { Button, Group, Text } from '@mantine/core'
import { money, plural } from '../../ui/format'
import { isPlannable } from './FindingTable'
import { MakePlan } from './MakePlan'

interface SelectionProps { selected: Map<string, LiveFinding>; shown: LiveFinding[]; onChange: (selected: Map<string, LiveFinding>) => void }

/** Selection says what is selected and saves how much, takes all that is shown, and makes a plan of it. */
export function Selection({ selected, shown, onChange }: SelectionProps) {
  const plannable = shown.filter(isPlannable)
  const sum = [...selected.values()].reduce((all, one) => all + (one.counted ? one.monthly_saving ?? 0 : 0), 0)
  const all = plannable.some((one) => !selected.has(one.finding_id)) && (
    <Button variant="default" onClick={() => onChange(new Map([...selected, ...plannable.map((one) => [one.finding_id, one] as const)]))}>Select the {plannable.length} shown that a plan repairs</Button>
  )
  if (selected.size === 0) return all ? <Group>{all}</Group> : null
  return (
    <Group className="selection" justify="space-between">
      <Text size="sm" fw={600}>{plural(selected.size, 'finding')} selected, {money(sum)} a month</Text>
      <Group gap="xs">
        {all}
        <Button variant="default" onClick={() => onChange(new Map())}>Clear</Button>
        <MakePlan findings={[...selected.values()]} />
      </Group>
    </Group>
  )
}
