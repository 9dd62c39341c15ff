import type { Schemas } from '@consolesensei/resource-tracker'
import { Text } from '@mantine/core'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Confirm } from '../../ui/Confirm'

/** DeleteBudget asks once more before a budget is deleted. */
export function DeleteBudget({ budget, onClose, onDeleted }: { budget: Schemas['BudgetItem']; onClose: () => void; onDeleted: () => void }) {
  const done = () => {
    onDeleted()
    void queries.invalidateQueries({ queryKey: ['budgets'] })
  }
  return (
    <Confirm title={`Delete ${budget.name}`} verb="Delete the budget" run={() => tracker.trends.deleteBudget(budget.budget_id)} onDone={done} onClose={onClose}>
      <Text size="sm">Nobody is told of its thresholds any more. Nothing in AWS changes.</Text>
    </Confirm>
  )
}
