import type { Plan, PlanAnswer } from '@consolesensei/resource-tracker'

/** nameOf is what a plan does, as far as it says. A list of plans lacks the items, and then it may be its ID alone. */
export function nameOf(plan: Plan, items: PlanAnswer['items'] = []): string {
  const verbs = [...new Set([plan.request.select?.action, ...(plan.request.actions ?? []).map((one) => one.action), ...items.map((one) => one.action)])].filter(Boolean)
  const id = plan.plan_id.slice(-8)
  if (plan.undo_of) return `Undo of ${plan.undo_of.slice(-8)}`
  return verbs.length === 0 ? `Plan ${id}` : `${verbs.join(', ')} ${plan.totals.items} (${id})`
}
