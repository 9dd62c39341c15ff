import type { Schedule } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, NumberInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { faultAt, isElsewhere } from '../../ui/faults'
import { Failed } from '../../ui/States'
import { AccountField } from './AccountField'
import { bodyOf } from './body'
import { type Draft, draftOf } from './draft'
import { KindField } from './KindField'
import { NextRuns } from './NextRuns'
import { NotifyFields } from './NotifyFields'
import { PlanFields } from './PlanFields'
import { ScanFields } from './ScanFields'
import { useNextRuns } from './useNextRuns'
import { WhenFields } from './WhenFields'

/** FieldsProps is what a part of the form is given. */
export interface FieldsProps {
  draft: Draft
  set: (change: Partial<Draft>) => void
  /** What the server says is wrong with a field. */
  fault: (place: string) => string | undefined
}

const places = [
  'name', 'cron', 'time_zone', 'every_seconds', 'off_hours', 'account', 'accounts', 'organization', 'regions', 'types', 'exclude_types', 'billed_cost.max_paid_calls', 'keep', 'notify.filter',
  'plan.select.action', 'plan.select.filter', 'plan.select.regions', 'plan.select.lift', 'plan.max_items', 'plan.max_share_percent',
].map((name) => `body.${name}`)

/** ScheduleForm adds a schedule of scans or of a plan, or changes one, and tells when it would come before it is saved. It shows the fields of what it does alone. */
export function ScheduleForm({ schedule, onClose, onSaved }: { schedule?: Schedule; onClose: () => void; onSaved: (saved: Schedule) => void }) {
  const [draft, setDraft] = useState(() => draftOf(schedule))
  const save = useMutation({
    mutationFn: () => (schedule ? tracker.schedules.replace(schedule.schedule_id, bodyOf(draft, schedule)) : tracker.schedules.create(bodyOf(draft))),
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: ['schedules'] })
      onSaved(saved)
    },
  })
  // What is wrong may be out of sight.
  const ref = useRef<HTMLFormElement>(null)
  useEffect(() => ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [save.error])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const fields: FieldsProps = { draft, set: (change) => setDraft((now) => ({ ...now, ...change })), fault: (place) => faultAt(save.error, `body.${place}`) }
  // Of the times, what the server says of them as they are now counts more than what it said when they were sent.
  const next = useNextRuns(draft, schedule)
  const timeFault = (place: string) => next.fault(place) ?? (next.isKnown ? undefined : fields.fault(place))
  const carriesPlan = draft.kind === 'plan'
  const hasAccounts = draft.kind !== 'accounts' || draft.accounts.length > 0
  return (
    <Modal opened onClose={onClose} size="lg" title={schedule ? `Change ${schedule.name}` : 'Add a schedule'}>
      <form ref={ref} onSubmit={submit} noValidate>
        <Stack>
          <TextInput label="Name" required maxLength={200} value={draft.name} onChange={(event) => fields.set({ name: event.currentTarget.value })} error={fields.fault('name')} data-autofocus />
          <KindField {...fields} isNew={!schedule} />
          <WhenFields {...fields} fault={timeFault} hasPlan={carriesPlan} />
          <NextRuns next={next} />
          <AccountField {...fields} />
          {carriesPlan ? <PlanFields {...fields} /> : <ScanFields {...fields} />}
          {!carriesPlan && <NumberInput label="Results to keep" description="The newest good one is kept besides" min={1} max={100} value={draft.keep} onChange={(value) => fields.set({ keep: Number(value) })} error={fields.fault('keep')} w={{ base: '100%', xs: 220 }} hideControls />}
          {!carriesPlan && <NotifyFields {...fields} />}
          {save.isError && isElsewhere(save.error, places) && <Failed error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={save.isPending} disabled={draft.name.trim() === '' || !hasAccounts}>{schedule ? 'Save' : 'Add'}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
