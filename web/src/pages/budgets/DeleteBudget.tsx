import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Failed } from '../../ui/States'

/** DeleteBudget asks once more before a budget is deleted. */
export function DeleteBudget({ budget, onClose, onDeleted }: { budget: Schemas['BudgetItem']; onClose: () => void; onDeleted: () => void }) {
  const remove = useMutation({
    mutationFn: () => tracker.trends.deleteBudget(budget.budget_id),
    onSuccess: () => {
      onDeleted()
      void queries.invalidateQueries({ queryKey: ['budgets'] })
    },
  })
  return (
    <Modal opened onClose={onClose} title={`Delete ${budget.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Text size="sm">Nobody is told of its thresholds any more. Nothing in AWS changes.</Text>
        {remove.isError && <Failed error={remove.error} />}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>Cancel</Button><Button color="red.9" onClick={() => remove.mutate()} loading={remove.isPending}>Delete the budget</Button></Group>
      </Stack>
    </Modal>
  )
}
