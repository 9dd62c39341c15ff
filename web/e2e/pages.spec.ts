import { expect, holds, signIn, test } from './console'

// What pages show when they are there whole that no other test holds so.
const pages: [path: string, heading: string, shows: RegExp][] = [
  ['/inventory', 'Inventory', /as of/],
  ['/plans', 'Plans', /Saves a month/],
]

for (const [path, heading, shows] of pages) {
  test(`${path} is whole and accessible`, async ({ page }, info) => {
    await signIn(page)
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
    await expect(page.getByText(shows).first()).toBeVisible()
    await holds(page, info, heading)
  })
}

test('signing in is accessible', async ({ page }, info) => {
  await page.goto('/sign-in')
  await expect(page.getByLabel('API key')).toBeVisible()
  await expect(page.getByText(/organisation/)).toHaveCount(0)
  await holds(page, info, 'sign in')
  await page.getByLabel('API key').fill('no such key, and long enough')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await holds(page, info, 'a refusal')
})
