import type { Plan } from '@consolesensei/resource-tracker'
import { Button, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { count, money, plural } from '../../ui/format'
import { Asked, Failed } from '../../ui/States'

interface ApplyProps { plan: Plan; phrase: string; account?: string; onClose: () => void; onApplied: () => void }

/** Apply asks for the phrase that says what is about to happen, which the server checks too, and applies the plan of exactly the digest that is shown. */
export function Apply({ plan, phrase, account, onClose, onApplied }: ApplyProps) {
  const [typed, setTyped] = useState('')
  // A page shows a part of a large plan, and this is about all of it.
  const final = useQuery({
    queryKey: ['plan', plan.plan_id, 'final', plan.digest],
    queryFn: async ({ signal }) => (await tracker.plans.items(plan.plan_id, { limit: 1000, item_state: ['planned'] }, { signal }).all()).filter((item) => !item.undo).length,
  })
  const apply = useMutation({
    mutationFn: () => tracker.plans.apply({ plan_id: plan.plan_id, digest: plan.digest }, { phrase: typed, ...(account && { account }) }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['plans'] })
      void queries.invalidateQueries({ queryKey: ['tray'] })
      onApplied()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed === phrase && final.data !== undefined) apply.mutate()
  }
  return (
    <Modal opened onClose={onClose} title="Apply the plan">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{plural(plan.totals.by_state['planned'] ?? 0, 'item')} will be carried out, which saves {money(plan.totals.monthly_saving)} a month{plan.totals.saving_unknown > 0 && `, without ${count(plan.totals.saving_unknown)} of unknown saving`}.</Text>
          <Asked query={final} what="what can be undone" height={20}>
            {(number) => <Text size="sm" fw={number > 0 ? 700 : undefined}>{number > 0 ? `${plural(number, 'item')} cannot be undone.` : 'All of it can be undone.'}</Text>}
          </Asked>
          <TextInput label={<>Type <Code>{phrase}</Code> to go on</>} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} data-autofocus />
          {apply.isError && <Failed error={apply.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" color="red.9" disabled={typed !== phrase || final.data === undefined} loading={apply.isPending}>{phrase}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
