import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { ErrorNote } from './ErrorNote'
import { money } from './money'
import { useTracker } from './tracker-context'
import { usePages } from './use-pages'

/** Resources lists what a scan has found, through a filter that the server applies and the address holds. */
export function Resources() {
  const tracker = useTracker()
  const navigate = useNavigate()
  const { jobId } = useParams({ from: '/scans/$jobId' })
  const { filter, poll } = useSearch({ from: '/scans/$jobId' })
  const open = useCallback((signal: AbortSignal) => tracker.resources(jobId, { filter, limit: 50 }, { signal }), [tracker, jobId, filter])
  const { pages, isOpen, isLoading, error, more } = usePages(open)
  const resources = pages.flatMap((page) => page.resources)

  const apply = (form: FormData) => navigate({
    to: '/scans/$jobId', params: { jobId }, search: { poll, filter: String(form.get('filter')).trim() || undefined },
  })
  return (
    <section aria-labelledby="resources">
      <h2 id="resources">Resources</h2>
      <form action={apply} className="bar" role="search">
        <label>Filter <input name="filter" key={filter} defaultValue={filter} placeholder="type:EBS_Volume state:available cost>20" spellCheck={false} /></label>
        <button>Filter</button>
      </form>
      {error && <ErrorNote error={error} />}
      <p role="status">{isLoading ? 'Loading…' : `${resources.length}${isOpen ? ' and more' : ''} resources`}</p>
      <table>
        <thead>
          <tr><th>Type</th><th>Name</th><th>Region</th><th>State</th><th className="number">A month</th></tr>
        </thead>
        <tbody>
          {resources.map((r) => (
            <tr key={`${r.account_id}/${r.region}/${r.resource_type}/${r.resource_id}`}>
              <td>{r.resource_type}</td><td>{r.resource_name ?? r.resource_id}</td><td>{r.region}</td><td>{r.state}</td>
              <td className="number">{money(r.estimated_cost_monthly)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isOpen && !isLoading && <button type="button" onClick={more}>More</button>}
    </section>
  )
}
