// @vitest-environment happy-dom
import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, it } from 'vitest'
import { AWSResourceService, type ScanResult, Tracker } from '../src/index.js'
import { useAWSResources, useScan } from '../src/react/index.js'
import { fakeFetch, json, problem, stream } from './fake.js'
import { resource } from './resources.js'

;(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true

let unmount = () => {}
afterEach(() => act(() => unmount()))

/** render runs a hook in a component; now() is what it returned last. */
async function render<T>(hook: () => T): Promise<() => T> {
  let now!: T
  const root = createRoot(document.createElement('div'))
  unmount = () => root.unmount()
  await act(() => root.render(createElement(() => {
    now = hook()
    return null
  })))
  return () => now
}

const settled = async (holds: () => boolean) => {
  for (let i = 0; i < 500 && !holds(); i++) await act(() => new Promise((resolve) => setTimeout(resolve, 5)))
  expect(holds()).toBe(true)
}

const cell = (region: string, outcome: string, resources: number) =>
  ({ account_id: '1', region, resource_type: 'EBS_Volume', outcome, resources, attempts: 1, elapsed_ms: 1 })
const job = (state: string) => ({ success: true, job_id: 'j1', state, summary: { by_region: { 'eu-west-1': 2 } }, progress: { percent: 50 } })

/** server answers by path, as the API does for one scan. */
const server = (events: () => Response, state = 'partial') => fakeFetch((sent) => {
  if (sent.method === 'POST') return json({ success: true, job_id: 'j1', state: 'queued' }, 202)
  if (sent.method === 'DELETE') return json(job('cancelled'))
  return sent.path.endsWith('/events') ? events() : json(job(state))
})

describe('useScan', () => {
  const events = () => stream([
    `event: job\ndata: ${JSON.stringify(job('running'))}\n\n`,
    `id: 1\nevent: cells\ndata: ${JSON.stringify({ cells: [cell('eu-west-1', 'ok', 2), cell('us-east-1', 'denied', 0)] })}\n\n`,
    `id: 1\nevent: cells\ndata: ${JSON.stringify({ cells: [cell('eu-west-1', 'ok', 2)] })}\n\n`,
    'id: 2\nevent: done\ndata: {"job_id":"j1","state":"partial","complete":false}\n\n',
  ])

  it('shows the regions of a scan, each cell once', async () => {
    const fake = server(events)
    const tracker = new Tracker({ url: 'http://tracker.test', fetch: fake.fetch })
    const scan = await render(() => useScan(tracker))
    expect(scan().status).toBe('idle')
    await act(() => scan().start({ access_key_id: 'AKIA', secret_access_key: 'hidden' }))
    expect(scan()).toMatchObject({
      status: 'ended', job: { state: 'partial' }, connection: 'live',
      regions: [{ region: 'eu-west-1', resources: 2, closed: 1, failed: 0 }, { region: 'us-east-1', resources: 0, closed: 1, failed: 1 }],
    })
    expect(JSON.stringify(scan())).not.toContain('hidden')
  })

  it('polls where it is told to', async () => {
    const fake = server(events)
    const tracker = new Tracker({ url: 'http://tracker.test', fetch: fake.fetch })
    const scan = await render(() => useScan(tracker, { mode: 'poll' }))
    await act(() => scan().start({}))
    expect(scan()).toMatchObject({ status: 'ended', connection: 'polling', regions: [{ region: 'eu-west-1', resources: 2 }] })
    expect(fake.sent.some((s) => s.path.endsWith('/events'))).toBe(false)
  })

  it('polls where there is no stream left', async () => {
    const fake = server(() => problem(429, 'too many streams', { 'Retry-After': '0' }))
    const tracker = new Tracker({ url: 'http://tracker.test', fetch: fake.fetch })
    const scan = await render(() => useScan(tracker))
    await act(() => scan().start({}))
    expect(scan()).toMatchObject({ status: 'ended', connection: 'polling' })
  })

  it('shows why a scan did not start', async () => {
    const fake = fakeFetch(problem(401, 'Invalid API key'))
    const tracker = new Tracker({ url: 'http://tracker.test', fetch: fake.fetch })
    const scan = await render(() => useScan(tracker))
    await act(() => scan().start({}))
    expect(scan()).toMatchObject({ status: 'error', error: { message: 'Invalid API key' } })
  })

  it('follows a scan that runs already, and cancels it', async () => {
    const fake = server(() => stream([`event: job\ndata: ${JSON.stringify(job('running'))}\n\n`], true), 'running')
    const tracker = new Tracker({ url: 'http://tracker.test', fetch: fake.fetch })
    const scan = await render(() => useScan(tracker))
    act(() => scan().watch('j1'))
    await settled(() => scan().status === 'running' && scan().job !== undefined)
    await act(() => scan().cancel())
    expect(fake.sent.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/v1/jobs/j1' })
  })

  it('stops following with its component', async () => {
    const fake = server(() => stream([': here\n'], true))
    const tracker = new Tracker({ url: 'http://tracker.test', fetch: fake.fetch })
    const scan = await render(() => useScan(tracker))
    act(() => scan().watch('j1'))
    await settled(() => scan().connection === 'live')
    act(() => unmount())
    expect(fake.sent[0]!.signal!.aborted).toBe(true)
  })
})

describe('useAWSResources', () => {
  const resources = [resource('EBS_Volume', 'vol-1', 'available', 48), resource('Elastic_IP', 'eip-1', 'unassociated', 3.65)]
  const result = {
    resources, errors: [], regions_scanned: ['eu-west-1'], summary: { total_resources: 2, by_type: { EBS_Volume: 1, Elastic_IP: 1 } },
    cost_summary: { estimated_monthly_total: 51.65, by_resource_type: { EBS_Volume: 48, Elastic_IP: 3.65 } },
  } as unknown as ScanResult

  class Fake extends AWSResourceService {
    asked: unknown[] = []
    override async scanResources(...asked: [string, string, number?]) {
      this.asked.push(asked)
      return result
    }
    override async performBulkAction(...asked: Parameters<AWSResourceService['performBulkAction']>): Promise<never> {
      this.asked.push(asked)
      throw new Error('the server is gone')
    }
  }

  it('scans, filters, selects and acts under its earlier names', async () => {
    const service = new Fake()
    const hook = await render(() => useAWSResources(service))
    await act(async () => expect(await hook().scan()).toBeNull())
    expect(hook().error?.message).toBe('AWS credentials are missing')

    act(() => hook().setCredentials({ accessKeyId: 'AKIA', secretAccessKey: 'hidden' }))
    await act(async () => void (await hook().scan(7)))
    expect(service.asked).toEqual([['AKIA', 'hidden', 7]])
    expect([hook().error, hook().isScanning, hook().getTotalCost(), hook().getResourceCount(), hook().getRegionCount()]).toEqual([null, false, 51.65, 2, 1])
    expect([hook().getResourcesByType(), hook().getCostByType()]).toEqual([{ EBS_Volume: 1, Elastic_IP: 1 }, { EBS_Volume: 48, Elastic_IP: 3.65 }])
    expect(hook().getSavingsOpportunities()?.totalMonthly).toBe(51.65)

    act(() => resources.forEach((r) => hook().toggleResourceSelection(r)))
    expect(hook().selectedResources).toHaveLength(2)
    await act(() => hook().filter({ resource_type: 'Elastic_IP' }))
    expect([hook().filteredResources, hook().selectedResources].map((list) => list.map((r) => r.resource_id))).toEqual([['eip-1'], ['eip-1']])

    await act(async () => expect(await hook().performBulkAction('delete')).toBeNull())
    expect(service.asked[1]).toEqual(['AKIA', 'hidden', [{ resource_id: 'eip-1', resource_type: 'Elastic_IP', region: 'eu-west-1', action: 'delete' }]])
    expect(hook().error?.message).toBe('the server is gone')
    act(() => hook().clearFilters())
    act(() => hook().clearSelection())
    expect([hook().filteredResources.length, hook().selectedResources.length]).toEqual([2, 0])
  })

  it('keeps credentials nowhere', async () => {
    const hook = await render(() => useAWSResources(new Fake()))
    act(() => hook().setCredentials({ accessKeyId: 'AKIA', secretAccessKey: 'hidden' }))
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0])
  })
})
