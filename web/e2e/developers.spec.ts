import { execFileSync } from 'node:child_process'
import { expect, holds, keys, signIn, test } from './console'

test('every operation has an example in four languages', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/developers?operation=start-scan')
  const example = page.getByRole('region', { name: /^Example in/ })
  await expect(example).toContainText('$TRACKER_API_KEY')
  await expect(example).toContainText('"EC2_Instance"')
  await holds(page, info, 'API')
  for (const [label, shows] of [['Python', 'urllib.request'], ['TypeScript', 'await fetch'], ['Go', 'http.NewRequest']] as const) {
    await page.getByText(label, { exact: true }).click()
    await expect(example).toContainText(shows)
  }
  await expect(page).toHaveURL(/language=go/)
  expect(await page.content()).not.toContain(keys.actor)
  await page.getByLabel('Find an operation').fill('who you are')
  await page.getByRole('link', { name: 'Read who you are here' }).click()
  await expect(page).toHaveURL(/operation=who-am-i/)
})

test('an example is a program that works', async ({ page }) => {
  await signIn(page)
  await page.goto('/developers?operation=filter-resources&language=curl')
  const program = await page.getByRole('region', { name: 'Example in curl' }).textContent()
  const answer = execFileSync('bash', ['-c', program!], { env: { ...process.env, TRACKER_API_KEY: keys.actor }, encoding: 'utf8' })
  expect(JSON.parse(answer)).toMatchObject({ success: true })
})
