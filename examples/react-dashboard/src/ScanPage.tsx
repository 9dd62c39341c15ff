import { hasEnded } from '@consolesensei/resource-tracker'
import { useScan } from '@consolesensei/resource-tracker/react'
import { Link, Outlet, useParams, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { ErrorNote } from './ErrorNote'
import { PartialNote } from './PartialNote'
import { Progress } from './Progress'
import { useTracker } from './tracker-context'

/** ScanPage follows a scan, and shows what it has found once it has ended. Its address is all that a reload needs. */
export function ScanPage() {
  const { jobId } = useParams({ from: '/scans/$jobId' })
  const { poll } = useSearch({ from: '/scans/$jobId' })
  const scan = useScan(useTracker(), { mode: poll ? 'poll' : 'stream' })
  const { watch } = scan
  useEffect(() => watch(jobId), [watch, jobId])

  const ended = scan.job && hasEnded(scan.job.state)
  return (
    <>
      <h1>Scan</h1>
      {scan.error && <ErrorNote error={scan.error} again={() => watch(jobId)} />}
      <Progress scan={scan} />
      {scan.job && ended && (
        <>
          <PartialNote job={scan.job} />
          <nav aria-label="Results">
            <Link to="/scans/$jobId" params={{ jobId }} search={{ poll }} activeOptions={{ exact: true, includeSearch: false }}>Resources</Link>
            <Link to="/scans/$jobId/costs" params={{ jobId }} search={{ poll }}>Costs</Link>
            <Link to="/scans/$jobId/findings" params={{ jobId }} search={{ poll }}>Findings</Link>
          </nav>
          <Outlet />
        </>
      )}
    </>
  )
}
