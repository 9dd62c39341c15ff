import { type Schemas, TrackerError } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Failed } from '../../ui/States'
import { type Draft, Thresholds } from './Thresholds'

const usual: Draft[] = [{ percent: '80', of: 'actual' }, { percent: '100', of: 'actual' }, { percent: '100', of: 'forecast' }]

/** BudgetForm adds a budget or changes one. What the server refuses is said at its field. */
export function BudgetForm({ budget, onClose }: { budget?: Schemas['BudgetItem']; onClose: () => void }) {
  const [name, setName] = useState(budget?.name ?? '')
  const [filter, setFilter] = useState(budget?.filter ?? '')
  const [amount, setAmount] = useState(budget ? String(budget.monthly_amount) : '')
  const [thresholds, setThresholds] = useState<Draft[]>(budget?.thresholds.map((one) => ({ percent: String(one.percent), of: one.of })) ?? usual)
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name: name.trim(), monthly_amount: Number(amount), ...(filter.trim() && { filter: filter.trim() }),
        thresholds: thresholds.map((one) => ({ percent: Number(one.percent), of: one.of })),
      }
      return budget ? tracker.trends.putBudget(budget.budget_id, body) : tracker.trends.addBudget(body)
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['budgets'] })
      onClose()
    },
  })
  const errors = errorsOf(save.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const isPlaced = Object.keys(errors).length > 0 && Object.keys(errors).every((location) => /^body\.(name|filter|monthly_amount|thresholds.*)$/.test(location))
  return (
    <Modal opened onClose={onClose} title={budget ? `Change ${budget.name}` : 'Add a budget'}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} error={errors['body.name']} required maxLength={100} data-autofocus />
          <TextInput label="Amount a month, US dollars" inputMode="decimal" value={amount} onChange={(event) => setAmount(event.currentTarget.value)} error={errors['body.monthly_amount']} required maxLength={20} />
          <TextInput
            label="Filter" value={filter} onChange={(event) => setFilter(event.currentTarget.value)} error={errors['body.filter']} maxLength={16384} spellCheck={false} autoCapitalize="none"
            placeholder="tag:team=search" description="Empty: everything. Not ages, which differ from day to day."
          />
          <Thresholds thresholds={thresholds} errors={errors} onChange={setThresholds} />
          {budget && <Text size="sm">Its days are reckoned anew, and its thresholds can be crossed again.</Text>}
          {save.isError && !isPlaced && <Failed error={save.error} />}
          <Group justify="flex-end"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" loading={save.isPending}>{budget ? 'Save' : 'Add'}</Button></Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** errorsOf is what is wrong, by the place of the field. A name that another budget has is a conflict without a place. */
function errorsOf(error: unknown): Record<string, string> {
  if (!(error instanceof TrackerError)) return {}
  if (error.status === 409 && /name/.test(error.message)) return { 'body.name': error.message }
  return Object.fromEntries(error.errors.map((one) => [one.location ?? '', one.message]))
}
