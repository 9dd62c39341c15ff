import { useParams } from '@tanstack/react-router'
import { useCallback } from 'react'
import { ErrorNote } from './ErrorNote'
import { money } from './money'
import { useTracker } from './tracker-context'
import { useAnswer } from './use-answer'

/** Costs sums what each type costs a month at list prices. */
export function Costs() {
  const tracker = useTracker()
  const { jobId } = useParams({ from: '/scans/$jobId' })
  const { answer: costs, error } = useAnswer(useCallback((signal: AbortSignal) => tracker.jobs.costs(jobId, { group_by: 'type' }, { signal }), [tracker, jobId]))
  if (error) return <ErrorNote error={error} />
  if (!costs) return <p role="status">Loading…</p>
  const most = Math.max(...costs.groups.map((g) => g.estimated_monthly_total), 1)
  return (
    <section aria-labelledby="costs">
      <h2 id="costs">Cost by type</h2>
      <p>
        {money(costs.estimated_monthly_total)} a month, estimated at list prices. {costs.resources_with_unknown_cost} resources have an unknown
        cost and are not in it.
      </p>
      <table>
        <thead>
          <tr><th>Type</th><th className="number">A month</th><th>Share</th><th className="number">Unknown</th></tr>
        </thead>
        <tbody>
          {costs.groups.map((g) => (
            <tr key={g.key}>
              <td>{g.key}</td><td className="number">{money(g.estimated_monthly_total)}</td>
              <td><meter aria-label={`Cost of ${g.key}`} value={g.estimated_monthly_total} max={most} /></td>
              <td className="number">{g.resources_with_unknown_cost}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
