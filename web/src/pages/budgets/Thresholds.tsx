import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, CloseButton, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'

export interface Draft { percent: string; of: Schemas['Threshold']['of'] }

/** Thresholds are of which share of a budget webhooks are told, once a month each. */
export function Thresholds({ thresholds, errors, onChange }: { thresholds: Draft[]; errors: Record<string, string>; onChange: (thresholds: Draft[]) => void }) {
  const set = (index: number, change: Partial<Draft>) => onChange(thresholds.map((one, at) => (at === index ? { ...one, ...change } : one)))
  return (
    <fieldset className="fields">
      <legend>Thresholds that webhooks are told of</legend>
      <Stack gap="xs">
        {thresholds.map((one, index) => (
          <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
            <TextInput
              aria-label={`Percent of threshold ${index + 1}`} inputMode="decimal" value={one.percent} onChange={(event) => set(index, { percent: event.currentTarget.value })}
              error={errors[`body.thresholds[${index}].percent`] ?? errors[`body.thresholds[${index}]`]} rightSection="%" flex={1} maxLength={10}
            />
            <NativeSelect
              aria-label={`What threshold ${index + 1} is of`} value={one.of} data={[{ value: 'actual', label: 'of what was spent' }, { value: 'forecast', label: 'of the forecast' }]}
              onChange={(event) => set(index, { of: event.currentTarget.value as Draft['of'] })} error={errors[`body.thresholds[${index}].of`]}
            />
            <CloseButton aria-label={`Remove threshold ${index + 1}`} onClick={() => onChange(thresholds.filter((_, at) => at !== index))} mt={4} />
          </Group>
        ))}
        {thresholds.length === 0 && <Text size="sm">None: nobody is told.</Text>}
        {errors['body.thresholds'] && <Text size="sm" role="alert" c="var(--mantine-color-error)">{errors['body.thresholds']}</Text>}
        {thresholds.length < 10 && <Group><Button size="xs" variant="default" onClick={() => onChange([...thresholds, { percent: '90', of: 'actual' }])}>Add a threshold</Button></Group>}
      </Stack>
    </fieldset>
  )
}
