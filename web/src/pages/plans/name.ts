import type { Plan, PlanAnswer, Schemas } from '@consolesensei/resource-tracker'

/** nameOf is what a plan does, as far as it says. A list of plans lacks the items, and then it may be its ID alone. */
export function nameOf(plan: Plan, items: PlanAnswer['items'] = []): string {
  const verbs = [...new Set([plan.request.select?.action, ...(plan.request.actions ?? []).map((one) => one.action), ...items.map((one) => one.action)])].filter(Boolean)
  const id = plan.plan_id.slice(-8)
  if (plan.undo_of) return `Undo of ${plan.undo_of.slice(-8)}`
  return verbs.length === 0 ? `Plan ${id}` : `${verbs.join(', ')} ${plan.totals.items} (${id})`
}

/** phraseOf is what has to be typed before a plan is applied: what it does to how many. */
export function phraseOf(items: Schemas['PlanItem'][], total: number): string {
  const verbs = [...new Set(items.map((item) => item.action))].sort()
  return `${verbs.join(' ') || 'apply'} ${total}`
}
