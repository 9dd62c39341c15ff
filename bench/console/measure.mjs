// Measures the console in Chromium, and prints one line of JSON: what main.go asks for and prints. Times of the
// renderer are those that it was on a core, so that waiting for one is not in them.
import { createRequire } from 'node:module'

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('@playwright/test')
const { WHAT, URL: url, KEY, JOB, CHROMIUM } = process.env

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
// Without the page's policy, which forbids what measures it: texts that are run.
const context = await browser.newContext({ baseURL: url, bypassCSP: true, viewport: { width: 1280, height: 800 } })
const signedIn = await context.request.post('/api/v1/auth/token', { data: { api_key: KEY }, headers: { Origin: url } })
if (!signedIn.ok()) throw new Error(`sign in: ${signedIn.status()} ${await signedIn.text()}`)
const page = await context.newPage()
page.setDefaultTimeout(300_000)
const devtools = await context.newCDPSession(page)
// Not by Performance.setTimeDomain, which this Chromium takes and ignores.
await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
await devtools.send('Network.enable')

/** metric is a figure of the renderer now: TaskDuration in seconds of its main thread, JSHeapUsedSize in bytes. */
const metric = async (name) => (await devtools.send('Performance.getMetrics')).metrics.find((one) => one.name === name).value
const system = await browser.newBrowserCDPSession()

/**
 * cpu starts to count what all threads of renderers take: the main one, and those that compile, collect garbage and paint. In seconds, by steps of 10 ms.
 * Chromium's own first window has a renderer too: it counts from when that one rests.
 */
async function cpu() {
  const now = async () => new Map((await system.send('SystemInfo.getProcessInfo')).processInfo.filter((one) => one.type === 'renderer').map((one) => [one.id, one.cpuTime]))
  const since = async (before) => [...(await now())].reduce((sum, [id, time]) => sum + time - (before.get(id) ?? 0), 0)
  for (let tries = 60; tries > 0; tries--) {
    const before = await now()
    await page.waitForTimeout(500)
    if ((await since(before)) <= 0.01) return () => since(before)
  }
  throw new Error('the renderers do not rest')
}

const p95 = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)]

/** frames is what each of n frames takes of the renderer's thread while step is done in it, in milliseconds. */
async function frames(n, step) {
  const took = []
  for (let i = 0; i < n; i++) {
    const before = await metric('TaskDuration')
    await page.evaluate((script) => new Promise((done) => {
      eval(script)
      requestAnimationFrame(() => requestAnimationFrame(done))
    }), step)
    took.push(1000 * ((await metric('TaskDuration')) - before))
  }
  return took
}

/** first is the first page, with nothing in the browser's cache. */
async function first() {
  // The scan is taken in.
  while ((await (await context.request.get('/api/v1/inventory?limit=1')).json()).resources.length === 0) await page.waitForTimeout(500)
  let assets = 0
  let answers = 0
  const of = new Map()
  devtools.on('Network.responseReceived', ({ requestId, response }) => of.set(requestId, new URL(response.url).pathname))
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (of.get(requestId)?.startsWith('/api/')) answers += encodedDataLength
    else assets += encodedDataLength
  })
  const taken = await cpu()
  // Who looks whether it is there takes the renderer's time: the network says when nothing loads.
  await page.goto('/', { waitUntil: 'networkidle' })
  const took = { cpu: await taken(), main: await metric('TaskDuration') }
  await page.getByText('Ten dearest').waitFor()
  if ((await page.locator('.mantine-Skeleton-root').count()) > 0) throw new Error('something of the first page still loads')
  return { ...took, assets, answers }
}

/** rows is how long after the API's answer the first row is there, of what act leads to; and how long the API took. */
async function rows(act) {
  await page.evaluate(() => {
    performance.clearResourceTimings()
    window.shownAt = undefined
    const before = document.querySelector('.grid-line')?.textContent
    const look = () => {
      const now = document.querySelector('.grid-line')?.textContent
      if (now !== undefined && now !== before) window.shownAt = performance.now()
      else requestAnimationFrame(look)
    }
    look()
  })
  await act()
  await page.waitForFunction(() => window.shownAt !== undefined)
  return page.evaluate(() => {
    const asked = performance.getEntriesByType('resource').filter((one) => new URL(one.name).pathname === '/api/v1/inventory').toSorted((a, b) => a.startTime - b.startTime)[0]
    return { api: asked.responseEnd - asked.startTime, after: window.shownAt - asked.responseEnd }
  })
}

/** inventory is the list of a million resources. */
async function inventory() {
  await page.goto('/plans')
  await page.getByRole('heading', { level: 1, name: 'Plans' }).waitFor()
  const opened = await rows(() => page.getByRole('link', { name: 'Inventory' }).click())
  const sorted = await rows(() => page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click())
  await page.getByLabel('Filter', { exact: true }).fill('type:S3_Bucket region:eu-west-1')
  const filtered = await rows(() => page.keyboard.press('Enter'))
  await page.goto('/inventory')
  await page.locator('.grid-line').first().waitFor()
  await page.waitForTimeout(2_000)
  const still = await frames(100, '')
  const taken = await cpu()
  const scrolled = await frames(400, "document.querySelector('.grid').scrollBy(0, 120)")
  const whole = (1000 * (await taken())) / scrolled.length
  await page.evaluate(() => document.querySelector('.grid').scrollTo(0, 1e9))
  for (let i = 0; i < 25; i++) {
    await page.waitForTimeout(400)
    await page.evaluate(() => document.querySelector('.grid').scrollTo(0, 1e9))
  }
  await devtools.send('HeapProfiler.collectGarbage')
  return { opened, sorted, filtered, still: p95(still), scrolled: p95(scrolled), whole, heap: await metric('JSHeapUsedSize'), rows: Number(await page.locator('.grid-line').last().getAttribute('aria-rowindex')) - 1 }
}

/** live is a scan while its cells end. */
async function live() {
  await page.goto(`/scans/${JOB}`)
  await page.getByRole('rowheader').first().waitFor()
  const began = performance.now()
  const before = await metric('TaskDuration')
  await page.locator('main').getByText(/^(succeeded|partial|failed)$/).first().waitFor()
  const seconds = (performance.now() - began) / 1000
  return { seconds, cpu: (await metric('TaskDuration')) - before }
}

console.log(JSON.stringify(await { first, inventory, live }[WHAT]()))
await browser.close()
