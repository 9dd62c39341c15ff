import { createRootRoute, createRoute, createRouter, lazyRouteComponent, retainSearchParams } from '@tanstack/react-router'
import { isAccount } from './api/account'
import { Shell } from './shell/Shell'
import { NotFound } from './shell/NotFound'
import { SignIn } from './pages/sign-in/SignIn'

/** text keeps the members of an address that a page knows, each a text. */
const text = <K extends string>(...names: K[]) => (search: Record<string, unknown>): { [name in K]?: string } => {
  const kept: { [name in K]?: string } = {}
  for (const name of names) {
    if (typeof search[name] === 'string' && search[name] !== '') kept[name] = search[name]
  }
  return kept
}

const root = createRootRoute({ notFoundComponent: NotFound })
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignIn, validateSearch: text('to') })
// The account that is chosen goes along from page to page. A link that is of all accounts says account: undefined.
const shell = createRoute({
  getParentRoute: () => root, id: 'shell', component: Shell,
  validateSearch: ({ account }: Record<string, unknown>): { account?: string } => ({ account: isAccount(account) ? account : undefined }),
  search: { middlewares: [retainSearchParams(['account'])] },
})
const within = { getParentRoute: () => shell }

const overview = createRoute({ ...within, path: '/', component: lazyRouteComponent(() => import('./pages/overview/Overview')) })
const inventory = createRoute({
  ...within, path: '/inventory', component: lazyRouteComponent(() => import('./pages/inventory/InventoryPage')), validateSearch: text('filter', 'sort', 'resource', 'group', 'columns', 'at'),
})
const scans = createRoute({ ...within, path: '/scans', component: lazyRouteComponent(() => import('./pages/scans/Scans')), validateSearch: text('new', 'state') })
const scan = createRoute({ ...within, path: '/scans/$id', component: lazyRouteComponent(() => import('./pages/scans/Scan')) })
const savings = createRoute({
  ...within, path: '/savings', component: lazyRouteComponent(() => import('./pages/savings/Savings')), validateSearch: text('rule', 'state', 'confidence', 'counted', 'by', 'region', 'type', 'tag'),
})
const plans = createRoute({ ...within, path: '/plans', component: lazyRouteComponent(() => import('./pages/plans/Plans')) })
const plan = createRoute({ ...within, path: '/plans/$id', component: lazyRouteComponent(() => import('./pages/plans/Plan')), validateSearch: text('items', 'instead') })

const connect = createRoute({ ...within, path: '/connect', component: lazyRouteComponent(() => import('./pages/connect/Connect')), validateSearch: text('registered', 'way', 'check') })
const costs = createRoute({
  ...within, path: '/costs', component: lazyRouteComponent(() => import('./pages/costs/Costs')), validateSearch: text('by', 'then', 'filter', 'days'),
})
const schedules = createRoute({ ...within, path: '/schedules', component: lazyRouteComponent(() => import('./pages/schedules/Schedules')), validateSearch: text('schedule', 'new') })
const diff = createRoute({
  ...within, path: '/diff', component: lazyRouteComponent(() => import('./pages/diff/Diff')), validateSearch: text('from', 'to', 'filter', 'change', 'resource'),
})
const budgets = createRoute({ ...within, path: '/budgets', component: lazyRouteComponent(() => import('./pages/budgets/Budgets')), validateSearch: text('budget', 'new') })
const audit = createRoute({
  ...within, path: '/audit', component: lazyRouteComponent(() => import('./pages/audit/Audit')), validateSearch: text('who', 'action', 'target', 'from', 'to'),
})
const webhooks = createRoute({ ...within, path: '/webhooks', component: lazyRouteComponent(() => import('./pages/webhooks/Webhooks')), validateSearch: text('webhook') })
const access = createRoute({ ...within, path: '/access', component: lazyRouteComponent(() => import('./pages/access/Access')), validateSearch: text('tab') })
const operations = createRoute({ ...within, path: '/operations', component: lazyRouteComponent(() => import('./pages/operations/Operations')) })
const developers = createRoute({ ...within, path: '/developers', component: lazyRouteComponent(() => import('./pages/developers/Developers')), validateSearch: text('operation', 'language') })

export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren([
    overview, connect, inventory, scans, scan, costs, savings, plans, plan, schedules, diff, budgets, audit, webhooks, access, operations, developers,
  ])]),
  defaultNotFoundComponent: NotFound,
  scrollRestoration: false,
  // Addresses are read by people: a member is the text that it says, and no JSON.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const members = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    const query = new URLSearchParams(members.map(([name, value]) => [name, String(value)])).toString()
    return query === '' ? '' : `?${query}`
  },
})

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
