import type { Schemas } from '@consolesensei/resource-tracker'
import { money, share } from '../../ui/format'

type Budget = Schemas['BudgetItem']

/** BudgetBar draws what a month has cost, what it is forecast to cost, its limit and its thresholds. Its name says the same. */
export function BudgetBar({ budget }: { budget: Budget }) {
  const { standing, monthly_amount: limit, thresholds, crossed } = budget
  const isKnown = standing.state !== 'unknown'
  const most = Math.max(limit, isKnown ? standing.forecast : 0, isKnown ? standing.month_to_date : 0) * 1.04
  const at = (value: number) => `${(100 * Math.max(0, value)) / most}%`
  return (
    <div className="budget" data-state={standing.state} role="img" aria-label={isKnown ? `${budget.name}: ${spoken(budget)}` : `${budget.name}: not reckoned yet`}>
      {isKnown && standing.method !== 'none' && <span className="budget-forecast" style={{ width: at(standing.forecast) }} />}
      {isKnown && <span className="budget-spent" style={{ width: at(standing.month_to_date) }} />}
      {thresholds.map((one) => (
        <span
          key={`${one.of}/${one.percent}`} className="budget-tick" style={{ left: at((limit * one.percent) / 100) }}
          data-crossed={crossed.some((other) => other.of === one.of && other.percent === one.percent) || undefined} title={`${one.percent} % of ${one.of}`}
        />
      ))}
      <span className="budget-limit" style={{ left: at(limit) }} title={`Limit ${money(limit)}`} />
    </div>
  )
}

/** spoken is how a budget stands, in a sentence. */
export const spoken = ({ standing, monthly_amount: limit }: Budget): string =>
  `${money(standing.month_to_date)} of ${money(limit)} (${share(standing.ratio)}) until today${standing.method === 'none' ? '' : `, forecast ${money(standing.forecast)} (${share(standing.forecast_ratio)})`}`
