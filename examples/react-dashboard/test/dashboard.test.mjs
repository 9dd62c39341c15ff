// Drives the built page in Chromium against a real server: DASHBOARD_URL is where the page is, TRACKER_API_KEY a key of the
// server's, and TRACKER_CONTROL kills the server (POST /kill) and starts it again (POST /start).
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import { chromium } from 'playwright-core'

const { DASHBOARD_URL: url, TRACKER_API_KEY: key, TRACKER_CONTROL: control } = process.env
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
after(() => browser.close())

let page
let complaints // what the console says
before(async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  context.setDefaultTimeout(30_000)
  page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
})
beforeEach(() => {
  complaints = []
})

const text = (pattern) => page.getByText(pattern).first().waitFor()
const state = (pattern) => page.getByRole('status').filter({ hasText: pattern }).first().waitFor()

/** isAccessible checks WCAG 2.2 A and AA, which takes seconds: in the dark only where colours differ from what was seen before. */
async function isAccessible(what, colorSchemes = ['light']) {
  for (const colorScheme of colorSchemes) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`), [], `${what}, ${colorScheme}`)
  }
}

async function signIn() {
  await page.getByLabel('API key').fill(key)
  await page.getByRole('button', { name: 'Use this key' }).click()
  await text(/Signed in as/)
}

async function giveKeys(form) {
  await form.getByLabel('Access key ID').fill('AKIAEXAMPLE')
  await form.getByLabel('Secret access key').fill('not-to-be-kept')
}

test('a wrong key is refused, and a right one is not kept', async () => {
  await page.goto(url)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await isAccessible('the sign-in')
  await page.getByLabel('API key').fill('wrong')
  await page.getByRole('button', { name: 'Use this key' }).click()
  await text('The key was refused: Invalid API key')
  await signIn()
  assert.ok(complaints.length > 0 && complaints.every((c) => c.includes('401')), complaints.join('\n'))
})

test('a scan is followed region by region', async () => {
  await isAccessible('the form')
  await giveKeys(page)
  await page.getByRole('button', { name: 'Scan', exact: true }).click()
  await page.waitForURL(/\/scans\//)
  await state(/Live/)
  await page.locator('.regions li').nth(5).waitFor()
  await state(/succeeded: 405 resources/)
  assert.equal(await page.getByText('17 regions').or(page.getByText('18 regions')).count(), 1)
  await isAccessible('the scan', ['light', 'dark'])
  assert.deepEqual(complaints, [])
})

test('resources come in pages, and through a filter', async () => {
  await state('50 and more resources')
  await page.getByRole('button', { name: 'More' }).click()
  await state('100 and more resources')
  await page.getByLabel('Filter').fill('type:EBS_Volume state:available cost>20')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.waitForURL(/filter=/)
  await state(/^\d+ resources$/)
  const types = await page.locator('tbody tr td:first-child').allTextContents()
  assert.ok(types.length > 0 && types.every((t) => t === 'EBS_Volume'), types.join())
  assert.deepEqual(complaints, [])

  await page.getByLabel('Filter').fill('type:')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByRole('alert').filter({ hasText: 'The request is not right.' }).waitFor()
  assert.ok(complaints.every((c) => c.includes('422')), complaints.join('\n'))
})

test('costs are summed by type', async () => {
  await page.getByRole('link', { name: 'Costs' }).click()
  await text(/\$7,650\.93 a month/)
  await page.getByRole('row', { name: /EC2_Instance \$3,203\.61/ }).waitFor()
  await isAccessible('the costs')
  assert.deepEqual(complaints, [])
})

test('a finding leads to a plan, and the plan is looked at before anything changes', async () => {
  await page.getByRole('link', { name: 'Findings' }).click()
  await text(/findings would save \$3,205\.09 a month/)
  await isAccessible('the findings')
  await page.getByRole('button', { name: 'Look at the repair of idle_address' }).click()
  const dialog = page.getByRole('dialog')
  await giveKeys(dialog)
  await dialog.getByRole('button', { name: 'Dry run' }).click()
  await dialog.getByText(/planned: 1 changes, \$3\.65 a month/).waitFor()
  await dialog.getByText('Releases the address, which somebody else may be given.').waitFor()
  await isAccessible('the dry run', ['light', 'dark'])
  const change = dialog.getByRole('button', { name: 'Change 1 resources' })
  assert.equal(await change.isDisabled(), true)
  await dialog.getByLabel('I have read what will be changed').check()
  await change.click()
  await dialog.getByText(/succeeded: 1 changes/).waitFor()
  await dialog.getByText('verified', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
  assert.deepEqual(complaints, [])
})

test('a scan that could not see everything says so', async () => {
  await page.getByRole('link', { name: 'AWS resources' }).click()
  await giveKeys(page)
  await page.getByLabel('Regions').fill('eu-west-1, af-south-1')
  await page.getByLabel(/in place of a stream/).check()
  await page.getByRole('button', { name: 'Scan', exact: true }).click()
  await page.waitForURL(/poll=true/)
  await page.getByRole('alert').filter({ hasText: 'This scan is partial' }).waitFor()
  await text('not_opted_in')
  await isAccessible('a partial scan', ['light', 'dark'])
  assert.deepEqual(complaints, [])
})

test('a server that goes away in the middle is waited for', async () => {
  await page.getByRole('link', { name: 'AWS resources' }).click()
  await giveKeys(page)
  await page.getByRole('button', { name: 'Scan', exact: true }).click()
  await page.locator('.regions li').first().waitFor()
  await fetch(`${control}/kill`, { method: 'POST' })
  await state(/The connection was lost. Connecting again…/)
  assert.equal((await fetch(`${control}/start`, { method: 'POST' })).status, 200)
  await page.getByRole('status').filter({ hasText: /succeeded: \d+ resources/ }).first().waitFor({ timeout: 120_000 })
  assert.ok(complaints.every((c) => c.includes('net::ERR_')), complaints.join('\n'))
})

test('a server that is gone is told of', async () => {
  await fetch(`${control}/kill`, { method: 'POST' })
  await page.getByRole('link', { name: 'Costs' }).click()
  await page.getByRole('alert').filter({ hasText: 'The server does not answer.' }).waitFor()
  assert.equal((await fetch(`${control}/start`, { method: 'POST' })).status, 200)
})

test('nothing that was typed is kept', async () => {
  const kept = await page.evaluate(async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, (await indexedDB.databases()).length, location.href, history.state, document.documentElement.outerHTML,
  ]))
  assert.ok(!kept.includes('not-to-be-kept') && !kept.includes('AKIAEXAMPLE') && !kept.includes(key), kept)
})
