// These tests run against a real server on a simulated account: TRACKER_URL and TRACKER_API_KEY say which, TRACKER_ADMIN_KEY
// is a key of its admin. A POST to TRACKER_RESTART kills the server and starts it again.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { repeated } from '../src/http.js'
import { AWSResourceService, type Job, type JobEvent, Tracker, watchScan } from '../src/index.js'

interface Parameter {
  name: string
  in: string
  explode?: boolean
  schema: { type?: string }
}

const url = process.env.TRACKER_URL ?? ''
const user = new Tracker({ url, key: process.env.TRACKER_API_KEY })
const admin = new Tracker({ url, key: process.env.TRACKER_ADMIN_KEY })
const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example' }
const near = ['eu-west-1', 'us-east-1']

describe.skipIf(url === '')('on a real server', () => {
  /** scanned is one scan that several tests read. */
  let scanned: Promise<Job> | undefined
  const scan = () => (scanned ??= user.scan({ ...keys, types: ['EC2_Instance', 'EBS_Volume', 'Elastic_IP'], single_flight: false })
    .then(({ job_id }) => user.waitForJob(job_id, { every: 200 })))

  it('the package is of the version of the API, and its types are those of the document', async () => {
    const document = await (await fetch(`${url}/api/v1/openapi.json`)).text()
    const out = join(mkdtempSync(join(tmpdir(), 'types-')), 'schema.gen.ts')
    execFileSync('node', ['scripts/generate.mjs', out], { input: document }) // fails where the versions differ
    expect(readFileSync(out, 'utf8') === readFileSync('src/schema.gen.ts', 'utf8'), 'src/schema.gen.ts is old: make generate').toBe(true)
  })

  it('lists in addresses are written as the document says', async () => {
    const { paths } = await (await fetch(`${url}/api/v1/openapi.json`)).json() as { paths: Record<string, Record<string, { parameters?: Parameter[] }>> }
    const parameters = Object.values(paths).flatMap((methods) => Object.values(methods)).flatMap((operation) => operation.parameters ?? [])
    const lists = parameters.filter(({ in: where, schema }) => where === 'query' && schema.type === 'array')
    expect(lists.length).toBeGreaterThan(3)
    expect(lists.filter((p) => p.explode !== repeated.includes(p.name))).toEqual([])
  })

  it('tells who asks, and what there is', async () => {
    expect(await user.whoami()).toMatchObject({ success: true, tenant: 'default' })
    expect((await user.health()).status).toBe('healthy')
    expect((await user.ready()).status).toBe('ready')
    expect((await user.types()).types.map((t) => t.type)).toContain('EC2_Instance')
    expect((await user.actions()).some((a) => a.resource_type === 'EBS_Volume' && a.action === 'delete')).toBe(true)
    expect(await user.iamPolicies({ types: ['EC2_Instance', 'EBS_Volume'] })).toMatchObject([{ Version: '2012-10-17' }])
    expect((await user.quota()).map((q) => q.name)).toContain('jobs_per_day')
  })

  it('refuses a wrong key, a wrong field, and what is not there', async () => {
    await expect(new Tracker({ url, key: 'wrong' }).whoami()).rejects.toMatchObject({ name: 'TrackerError', status: 401 })
    await expect(user.scan({ ...keys, types: ['Nope'] })).rejects.toMatchObject({ status: 422, errors: [{ location: 'body.types[0]' }] })
    await expect(user.jobs.get('nope')).rejects.toMatchObject({ status: 404 })
    await expect(user.keys.list()).rejects.toMatchObject({ status: 403 })
  })

  it('scans, lists and sums', async () => {
    const { job_id, state, summary } = await scan()
    expect(state).toBe('succeeded')
    const all = await user.resources(job_id, { limit: 25 }).all()
    expect(all).toHaveLength(summary.total_resources)
    expect((await user.jobs.result(job_id)).resources).toHaveLength(all.length)
    const volumes = await user.resources(job_id, { filter: 'type:EBS_Volume state:available' }).all()
    expect(volumes.length).toBeGreaterThan(0)
    expect(volumes.every((v) => v.resource_type === 'EBS_Volume' && v.state === 'available')).toBe(true)
    expect((await user.jobs.costs(job_id)).groups.map((g) => g.key)).toContain('EBS_Volume')
    const findings = await user.findings(job_id, { rule: 'unattached_volume', counted: true, limit: 5 }).all()
    expect(findings.length).toBeGreaterThan(5)
    expect(findings[0]!.fix?.action).toBe('delete')
    expect((await user.jobs.coverage(job_id)).complete).toBe(true)
    expect((await user.jobs.list().all(100)).map((j) => j.job_id)).toContain(job_id)
    const csv = await (await user.jobs.download(job_id, 'csv')).text()
    expect(csv.split('\n')[0]).toContain('resource_id,resource_name')
  })

  it('answers the same job under the same key', async () => {
    const request = { ...keys, types: ['NAT_Gateway'], regions: near, single_flight: false }
    const once = { idempotencyKey: `once-${Date.now()}` }
    const [first, again] = [await user.scan(request, once), await user.scan(request, once)]
    expect([again.job_id, again.created]).toEqual([first.job_id, false])
  })

  it('cancels, and stops waiting when told to', async () => {
    const { job_id } = await user.scan({ ...keys, single_flight: false })
    await expect(user.waitForJob(job_id, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'TimeoutError' })
    await user.jobs.cancel(job_id)
    expect((await user.waitForJob(job_id)).state).toBe('cancelled')
  })

  it('plans, has approved, applies and undoes', async () => {
    const { job_id } = await scan()
    const [instance] = await user.resources(job_id, { filter: 'type:EC2_Instance state:running tag:Environment=dev' }).all(1)
    const { resource_id, resource_type, region } = instance!
    const { plan } = await user.plans.create({ ...keys, actions: [{ resource_id, resource_type, region, action: 'stop' }] })
    const looked = await user.waitForPlan(plan.plan_id, { every: 200 })
    expect(looked.plan).toMatchObject({ state: 'planned', approval: { required: true } })
    expect(looked.items).toMatchObject([{ resource_id, action: 'stop', refusals: [], undo: 'start' }])

    await expect(user.plans.apply(looked.plan)).rejects.toMatchObject({ status: 409 })
    await expect(user.plans.approve(looked.plan)).rejects.toMatchObject({ status: 403 })
    await expect(admin.plans.approve({ ...looked.plan, digest: `sha256:${'0'.repeat(64)}` })).rejects.toMatchObject({ status: 409 })
    await admin.plans.approve(looked.plan)
    await user.plans.apply(looked.plan)
    const events: string[] = []
    for await (const { event } of user.plans.follow(plan.plan_id)) events.push(event)
    expect([events[0], events.at(-1)]).toEqual(['plan', 'done'])
    expect(events).toContain('audit')
    expect((await user.plans.get(plan.plan_id)).plan).toMatchObject({ state: 'succeeded', totals: { by_state: { verified: 1 } } })
    expect((await user.plans.items(plan.plan_id, { item_state: ['verified', 'failed'] }).all())).toHaveLength(1)
    expect(await (await user.plans.report(plan.plan_id, 'csv')).text()).toContain(resource_id)
    expect((await user.audit({ plan_id: plan.plan_id }).all()).map((line) => line.what)).toContain('plan.approved')

    const undo = await user.plans.undo(plan.plan_id, keys)
    expect((await user.waitForPlan(undo.plan.plan_id, { every: 200 })).items).toMatchObject([{ resource_id, action: 'start' }])
    await user.plans.cancel(undo.plan.plan_id)
    expect((await user.plans.list().all(2)).map((p) => p.plan_id)).toEqual([undo.plan.plan_id, plan.plan_id])
  })

  it('plans what a rule has found', async () => {
    const { job_id } = await scan()
    const { plan } = await user.jobs.planFindings(job_id, 'idle_address', keys)
    const looked = await user.waitForPlan(plan.plan_id, { every: 200 })
    expect(looked.plan.totals.monthly_saving).toBeCloseTo(3.65)
    await user.plans.cancel(plan.plan_id)
  })

  it('reads trends', async () => {
    await scan()
    expect((await user.trends.get({ by: 'region', from: '7d', top: 3 })).by).toBe('region')
    expect((await user.trends.billed({ by: 'region', from: '7d' })).source).toBe('none')
    expect(['none', 'flat', 'damped_trend']).toContain((await user.trends.forecast()).total.method)
    expect((await user.trends.anomalies({ from: '7d' })).anomalies.length).toBeLessThanOrEqual(20)
    await expect(user.trends.get({ by: 'tag:no-such-tag' })).rejects.toMatchObject({ status: 422 })
    await expect.poll(() => user.trends.report({ days: 3 }).then((r) => r.sections[0]?.name, () => ''), { timeout: 30_000 }).toBe('cost')
    expect(await user.trends.reportText({ days: 3 })).toContain('<h2')
    await expect(user.trends.reportText({ format: 'pdf' })).rejects.toMatchObject({ status: 422 })
  })

  it('reads what has changed', async () => {
    const { job_id } = await scan()
    const diff = user.trends.diff({ to: job_id, group_by: 'type', filter: 'type:EC2_Instance' })
    // A scan comes into the history once it has ended.
    const { summary, unknown, to } = await vi.waitFor(() => diff.first(), { timeout: 20_000, interval: 200 })
    expect(to.job_id).toBe(job_id)
    expect(summary?.groups ?? []).toBeInstanceOf(Array)
    expect(unknown.cells + unknown.cells_known).toBeGreaterThan(0)
    expect((await user.trends.diff({ to: job_id, limit: 1 }).all()).length).toBe((await user.trends.diff({ to: job_id }).all()).length)
    await expect(user.trends.diff({ from: '1d', to: '2d' }).first()).rejects.toMatchObject({ status: 422 })
  })

  it('reads the inventory, and the life of a resource', async () => {
    await scan()
    const list = user.inventory.list({ filter: 'type:EC2_Instance', sort: '-cost,id', limit: 2 })
    await expect.poll(async () => (await list.all(3)).length, { timeout: 30_000 }).toBe(3)
    const one = (await list.all(1))[0]!
    expect((await list.first()).coverage.cells).toBeGreaterThan(0)
    const groups = await user.inventory.groups({ by: ['type', 'tag:no-such-tag'] })
    expect(groups.groups.map((g) => g.keys[1])).toContain(null)
    expect((await user.inventory.facets({ facet: ['type', 'region'] })).facets.map((f) => f.by[0])).toEqual(['type', 'region'])
    expect((await user.inventory.tags()).keys.length).toBeGreaterThan(0)
    expect(await user.inventory.cells({ standing: ['unknown'] }).all()).toBeInstanceOf(Array)
    const key = [one.account_id, one.region, one.resource_type, one.resource_id].join('/')
    const life = await user.inventory.history(key).first()
    expect(life.resource_key).toBe(key)
    expect((await user.inventory.history(key, { limit: 1 }).all()).length).toBe(life.versions.length)
    await expect(user.inventory.history('x').first()).rejects.toMatchObject({ status: 404 })
  })

  it('keeps findings over scans', async () => {
    await scan()
    const open = async () => (await user.liveFindings.list({ rule: ['idle_address'] }).all())[0]
    await expect.poll(open, { timeout: 30_000 }).toMatchObject({ state: 'open' })
    const { finding_id } = (await open())!
    expect((await user.liveFindings.acknowledge(finding_id, { reason: 'kept' })).acknowledgement?.reason).toBe('kept')
    expect((await user.liveFindings.list({ state: 'acknowledged' }).all()).map((f) => f.finding_id)).toContain(finding_id)
    await user.liveFindings.unacknowledge(finding_id)
    expect((await user.liveFindings.sums('rule')).groups?.map((g) => g.key)).toContain('idle_address')
  })

  it('keeps schedules', async () => {
    const made = await user.schedules.create({ name: 'nightly', cron: '0 3 * * *', types: ['NAT_Gateway'], regions: near })
    const { schedule_id } = made
    expect((await user.schedules.pause(schedule_id)).paused).toBe(true)
    expect((await user.schedules.resume(schedule_id)).paused).toBe(false)
    const { job_id } = await user.schedules.run(schedule_id)
    expect((await user.waitForJob(job_id, { every: 200 })).schedule_id).toBe(schedule_id)
    expect((await user.schedules.runs(schedule_id)).runs.map((run) => run.job_id)).toContain(job_id)
    expect((await user.schedules.history(schedule_id)).map((e) => e.what)).toContain('schedule.paused')
    expect((await user.schedules.list().all()).map((s) => s.name)).toContain('nightly')
    await user.schedules.delete(schedule_id)
    await expect(user.schedules.get(schedule_id)).rejects.toMatchObject({ status: 404 })
  })

  it('makes keys that may what they say, and sessions of them', async () => {
    const made = await admin.keys.add({ name: 'reader', grants: [{ role: 'viewer' }] })
    const reader = new Tracker({ url, key: made.api_key })
    expect((await reader.whoami()).grants).toEqual([{ role: 'viewer' }])
    await expect(reader.scan(keys)).rejects.toMatchObject({ status: 403 })
    const { access_token } = await reader.sessions.signIn({ api_key: made.api_key, cookie: false })
    const session = new Tracker({ url, token: access_token })
    expect(await session.sessions.list().all()).toMatchObject([{ current: true }])
    const rotated = await admin.keys.rotate(made.key.key_id, { overlap_seconds: 0 })
    expect(rotated.api_key).not.toBe(made.api_key)
    await admin.keys.delete(made.key.key_id)
    expect((await admin.keys.list()).map((k) => k.key_id)).not.toContain(made.key.key_id)
  })

  it('registers accounts, and webhooks', async () => {
    const account = await admin.accounts.add({ name: 'staging', role_arn: 'arn:aws:iam::111122223333:role/tracker' })
    expect(account.account_id).toBe('111122223333')
    expect((await admin.accounts.list().all()).map((a) => a.name)).toEqual(['staging'])
    await admin.accounts.delete('staging')
    const { webhook_id, secret } = await admin.webhooks.add({ url: 'https://hooks.example.com/x', events: ['job.*'] })
    expect(secret).toBeTruthy()
    expect((await admin.webhooks.change(webhook_id, { enabled: false })).enabled).toBe(false)
    expect(await admin.webhooks.deliveries(webhook_id).all()).toEqual([])
    await admin.webhooks.delete(webhook_id)
    expect((await admin.tenants.list()).map((t) => t.name)).toContain('default')
  })

  it('serves the earlier class', async () => {
    const service = new AWSResourceService(`${url}/api/v1`, process.env.TRACKER_API_KEY)
    expect((await service.healthCheck()).status).toBe('healthy')
    expect(await service.getDocumentation()).toMatchObject({ endpoints: { scan: { method: 'POST' } } })
    const result = await service.scanResources(keys.access_key_id, keys.secret_access_key, 20)
    const stats = AWSResourceService.getResourceStats(result)
    expect(stats.totalResources).toBe(result.resources.length)
    expect(stats.totalCost).toBeGreaterThan(1000)
    expect(AWSResourceService.calculateSavings(result.resources).unusedVolumeSavings).toBeGreaterThan(100)
    const [volume] = await service.filterResources(result.resources, { resource_type: 'EBS_Volume', state: 'in-use' })
    const refused = await service.performAction(keys.access_key_id, keys.secret_access_key, volume!.resource_id, 'EBS_Volume', volume!.region, 'delete')
    expect(refused).toMatchObject({ success: false, resource_id: volume!.resource_id, verification_status: 'failed' })
    expect(refused.error).toBeTruthy()
  })

  it.skipIf(!process.env.TRACKER_RESTART)('follows a scan while the server is killed and started again', async () => {
    const { job_id } = await user.scan({ ...keys, single_flight: false })
    const connections: string[] = []
    const seen: string[] = []
    let restarted: Promise<unknown> | undefined
    let last: JobEvent | undefined
    for await (const event of user.follow(job_id, { onConnection: (c) => connections.push(c) })) {
      last = event
      if (event.event !== 'cells') continue
      seen.push(...event.data.cells.map((c) => `${c.account_id}/${c.region}/${c.resource_type}`))
      restarted ??= fetch(process.env.TRACKER_RESTART!, { method: 'POST' })
    }
    expect((await restarted as Response).status).toBe(200)
    expect(last).toMatchObject({ event: 'done', data: { job_id, complete: true } })
    expect(connections.filter((c) => c === 'lost').length).toBeGreaterThan(0)
    const { progress } = await user.jobs.get(job_id)
    expect(new Set(seen).size).toBe(seen.length) // no cell twice
    expect(seen).toHaveLength(progress.cells_total) // and none left out
  })

  it('watches a scan region by region', async () => {
    const { job_id } = await user.scan({ ...keys, types: ['EC2_Instance', 'EBS_Volume'], regions: near, single_flight: false })
    const connections = new Set<string>()
    let regions: string[] = []
    const job = await watchScan(user, job_id, (progress) => {
      connections.add(progress.connection)
      regions = progress.regions.map((r) => `${r.region} ${r.closed}`)
    })
    expect([job.state, regions, [...connections]]).toEqual(['succeeded', ['eu-west-1 2', 'us-east-1 2'], ['live']])
  })
})
