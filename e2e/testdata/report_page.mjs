// Looks at the report as people do: in light and in dark, on a small screen and on paper. It is run by TestReportPage.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'

const require = createRequire(process.env.MODULES)
const { chromium } = require('playwright-core')
const { default: AxeBuilder } = require('@axe-core/playwright')

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 360]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, extraHTTPHeaders: { 'X-API-Key': process.env.TRACKER_API_KEY } })
    const page = await context.newPage()
    const asked = []
    const faults = []
    page.on('request', (r) => asked.push(r.url()))
    page.on('console', (m) => faults.push(m.text()))
    await page.goto(process.env.REPORT_URL)
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html).join(' ')}`), [], `${colorScheme}, ${width}`)
    assert.deepEqual(asked.filter((url) => url.startsWith('http')), [process.env.REPORT_URL], 'it loads nothing else')
    assert.deepEqual(faults, [])
    const wide = await page.evaluate('document.documentElement.scrollWidth')
    assert.ok(wide <= width, `at ${width} the page is ${wide} wide`)
    if (width === 1280) {
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${colorScheme}.png`, fullPage: true })
      const sheets = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g).length
      assert.ok(sheets >= 2 && sheets <= 12, `${sheets} sheets of paper`)
      console.log(`${colorScheme}: ${sheets} sheets`)
    }
    await context.close()
  }
}
await browser.close()
