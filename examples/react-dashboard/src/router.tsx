import { createRootRoute, createRoute, createRouter, Link, Outlet } from '@tanstack/react-router'
import { Costs } from './Costs'
import { Findings } from './Findings'
import { Resources } from './Resources'
import { ScanForm } from './ScanForm'
import { ScanPage } from './ScanPage'
import { TrackerProvider } from './tracker-context'

/** ScanSearch is what the address of a scan's page holds besides the scan. */
interface ScanSearch {
  filter?: string
  poll?: boolean
}

const root = createRootRoute({
  component: () => (
    <>
      <header><Link to="/">AWS resources</Link></header>
      <TrackerProvider><main><Outlet /></main></TrackerProvider>
    </>
  ),
  notFoundComponent: () => <p>There is no such page.</p>,
})
const home = createRoute({ getParentRoute: () => root, path: '/', component: ScanForm })
const scan = createRoute({
  getParentRoute: () => root, path: '/scans/$jobId', component: ScanPage,
  validateSearch: (search: Record<string, unknown>): ScanSearch => ({
    filter: typeof search.filter === 'string' ? search.filter : undefined, poll: search.poll === true || undefined,
  }),
})
const resources = createRoute({ getParentRoute: () => scan, path: '/', component: Resources })
const costs = createRoute({ getParentRoute: () => scan, path: '/costs', component: Costs })
const findings = createRoute({ getParentRoute: () => scan, path: '/findings', component: Findings })

export const router = createRouter({ routeTree: root.addChildren([home, scan.addChildren([resources, costs, findings])]) })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
