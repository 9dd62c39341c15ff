import { Radio, Stack } from '@mantine/core'
import { useMay } from '../../api/session'
import type { Draft, Kind } from './draft'
import type { FieldsProps } from './ScheduleForm'

/** KindField says what a run does. Who may make no plans is not offered one, and a schedule that exists stays one of scans or of a plan. */
export function KindField({ draft, set, isNew }: FieldsProps & { isNew: boolean }) {
  const mayPlan = useMay('plan')
  if (!isNew && draft.kind === 'plan') return null
  const choose = (kind: Kind): Partial<Draft> => ({ kind, regions: (kind === 'plan') === (draft.kind === 'plan') ? draft.regions : [], ...(kind !== 'plan' && draft.by === 'off_hours' && { by: 'cron' as const }) })
  return (
    <Radio.Group label="Each time it" value={draft.kind} onChange={(kind) => set(choose(kind as Kind))}>
      <Stack gap={6} mt={4}>
        <Radio value="account" label="scans an account" />
        <Radio value="accounts" label="scans several accounts" />
        <Radio value="organization" label="scans every account of the organisation" />
        {isNew && mayPlan && <Radio value="plan" label="carries out a plan, such as to stop what nobody uses at night" />}
      </Stack>
    </Radio.Group>
  )
}
