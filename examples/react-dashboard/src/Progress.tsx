import { hasEnded } from '@consolesensei/resource-tracker'
import type { UseScan } from '@consolesensei/resource-tracker/react'

const connections = {
  connecting: 'Connecting…',
  live: 'Live',
  reconnecting: 'The connection was lost. Connecting again…',
  polling: 'Asking every second',
}

/** Progress shows how far a scan is, in all and by region. */
export function Progress({ scan: { job, regions, connection, cancel } }: { scan: UseScan }) {
  if (!job) return <p role="status">{connections[connection]}</p>
  const ended = hasEnded(job.state)
  const { percent, cells_closed, cells_total } = job.progress
  return (
    <section aria-labelledby="progress">
      <h2 id="progress">Progress</h2>
      <p role="status">
        <strong>{job.state}</strong>: {job.summary.total_resources} resources, {cells_closed} of {cells_total} cells.{' '}
        {!ended && connections[connection]}
      </p>
      <progress aria-label="Cells that have ended" value={percent} max={100} />
      {!ended && <button type="button" onClick={() => void cancel()}>Cancel</button>}
      <details open={!ended}>
        <summary>{regions.length} regions</summary>
        <ul className="regions">
          {regions.map((r) => (
            <li key={r.region}>
              {r.region}: {r.resources} resources{r.failed > 0 && <span className="bad"> · {r.failed} not seen</span>}
            </li>
          ))}
        </ul>
      </details>
    </section>
  )
}
