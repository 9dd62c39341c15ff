import type { Plan, PlanItem } from '@consolesensei/resource-tracker'
import { Button, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { money, plural } from '../../ui/format'
import { Failed } from '../../ui/States'
import { phraseOf } from './name'

interface ApplyProps { plan: Plan; items: PlanItem[]; account?: string; onClose: () => void; onApplied: () => void }

/** Apply asks for the phrase that says what is about to happen, and applies the plan of exactly the digest that is shown. */
export function Apply({ plan, items, account, onClose, onApplied }: ApplyProps) {
  const [typed, setTyped] = useState('')
  const would = items.filter((item) => item.ledger.item_state === 'planned')
  const phrase = phraseOf(would, plan.totals.by_state['planned'] ?? 0)
  const final = would.filter((item) => !item.undo).length
  const apply = useMutation({
    mutationFn: () => tracker.plans.apply({ plan_id: plan.plan_id, digest: plan.digest }, { ...(account && { account }) }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['plans'] })
      void queries.invalidateQueries({ queryKey: ['tray'] })
      onApplied()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed === phrase) apply.mutate()
  }
  return (
    <Modal opened onClose={onClose} title="Apply the plan" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">
            {plural(plan.totals.by_state['planned'] ?? 0, 'item')} will be carried out, which saves {money(plan.totals.monthly_saving)} a month.{' '}
            {final > 0 ? <strong>{plural(final, 'item')} of those shown cannot be undone.</strong> : 'All of those shown can be undone.'}
          </Text>
          <TextInput label={<>Type <Code>{phrase}</Code> to go on</>} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} data-autofocus />
          {apply.isError && <Failed error={apply.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" color="red.9" disabled={typed !== phrase} loading={apply.isPending}>{phrase}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
