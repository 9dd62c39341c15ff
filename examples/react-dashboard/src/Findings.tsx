import { useParams } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { ErrorNote } from './ErrorNote'
import { money } from './money'
import { PlanDialog } from './PlanDialog'
import { useTracker } from './tracker-context'
import { usePages } from './use-pages'

/** Findings shows what could be saved, and leads to a plan of the repair. */
export function Findings() {
  const tracker = useTracker()
  const { jobId } = useParams({ from: '/scans/$jobId' })
  const open = useCallback((signal: AbortSignal) => tracker.findings(jobId, { counted: true, limit: 50 }, { signal }), [tracker, jobId])
  const { pages, isOpen, isLoading, error, more } = usePages(open)
  const [planned, setPlanned] = useState<string>()
  const summary = pages[0]?.summary
  const rules = summary?.by_rule.filter((rule) => rule.findings > 0) ?? []
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      {error && <ErrorNote error={error} />}
      {summary && <p>{summary.counted} findings would save {money(summary.monthly_saving)} a month.</p>}
      <table>
        <thead>
          <tr><th>Rule</th><th className="number">Findings</th><th className="number">Saves a month</th><th>Plan</th></tr>
        </thead>
        <tbody>
          {rules.map(({ rule, findings, monthly_saving }) => (
            <tr key={rule}>
              <td>{rule}</td><td className="number">{findings}</td><td className="number">{money(monthly_saving)}</td>
              <td><button type="button" aria-label={`Look at the repair of ${rule}`} onClick={() => setPlanned(rule)}>Look at the repair</button></td>
            </tr>
          ))}
        </tbody>
      </table>
      {planned && <PlanDialog key={planned} jobId={jobId} rule={planned} onClose={() => setPlanned(undefined)} />}
      <h3>One by one</h3>
      <table>
        <thead>
          <tr><th>Finding</th><th>Resource</th><th>Region</th><th>Risk</th><th className="number">Saves a month</th></tr>
        </thead>
        <tbody>
          {pages.flatMap((page) => page.findings).map((f) => (
            <tr key={f.finding_id}>
              <td>{f.title}</td><td>{f.resource_name ?? f.resource_id}</td><td>{f.region}</td><td>{f.risk}</td>
              <td className="number">{money(f.monthly_saving)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isOpen && !isLoading && <button type="button" onClick={more}>More</button>}
    </section>
  )
}
