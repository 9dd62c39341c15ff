// Takes the pictures of README and docs anew, of a demo of bin/api: `make pictures`.
import { chromium } from '@playwright/test'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const key = 'a-key-of-the-pictures-of-the-docs'
const to = new URL('../docs/images/', import.meta.url).pathname

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(port))
  })
})
const dir = await mkdtemp(join(tmpdir(), 'pictures'))
const url = `http://127.0.0.1:${port}`
const env = { ...process.env, PORT: port, DATA_DIR: dir, VALID_API_KEYS: key, OPERATOR_API_KEYS: `${key}-of-an-operator`, LOG_LEVEL: 'error', AWS_EC2_METADATA_DISABLED: 'true' }
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const api = spawn(new URL('../bin/api', import.meta.url).pathname, ['-demo', '-no-open'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
const ended = new Promise((done) => { api.on('close', done) })
try {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' })
  const asked = async (method, path, data) => {
    const answer = await context.request.fetch(path, { method, data, headers: { Origin: url } })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }
  const until = async (what, holds) => {
    let fault
    for (let tries = 300; tries > 0; tries--) {
      try {
        if (await holds()) return
      } catch (error) {
        fault = error
      }
      await new Promise((done) => setTimeout(done, 200))
    }
    throw new Error(`${what} took too long`, { cause: fault })
  }
  const inventory = () => asked('GET', '/api/v1/inventory/facets?facet=type')
  await until('the start', () => asked('GET', '/ready'))
  await asked('POST', '/api/v1/auth/token', { api_key: `${key}-of-an-operator` })
  await until('the past', async () => (await inventory()).total.resources > 0 && (await inventory()).pending_scans.length === 0)
  const { jobs: [{ job_id: scan }] } = await asked('GET', '/api/v1/jobs?limit=1')
  const { findings } = await asked('GET', '/api/v1/findings?rule=unattached_volume&limit=14')
  const { plan: { plan_id: plan } } = await asked('POST', '/api/v1/findings/plan', { finding_ids: findings.map((one) => one.finding_id) })
  await until('the look', async () => (await asked('GET', `/api/v1/plans/${plan}`)).plan.state === 'planned')
  const page = await context.newPage()
  for (const [name, path, colorScheme] of [
    ['overview', '/'], ['inventory', '/inventory?filter=type%3AEC2_Instance&sort=-cost'], ['costs', '/costs?by=type&then=region', 'dark'],
    ['scan', `/scans/${scan}`], ['savings', '/savings?by=rule'], ['plan', `/plans/${plan}`, 'dark'],
  ]) {
    await page.emulateMedia({ colorScheme: colorScheme ?? 'light' })
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await until(path, async () => (await page.locator('.mantine-Skeleton-root').count()) === 0)
    await page.getByRole('button', { name: 'Idle', exact: true }).waitFor()
    await page.waitForTimeout(500)
    await page.screenshot({ path: `${to}${name}.png` })
  }
} finally {
  await browser.close()
  api.kill()
  await ended
  await rm(dir, { recursive: true, force: true })
}
