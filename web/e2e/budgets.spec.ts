import { expect, holds, keys, settled, signIn, test } from './console'

test('a budget is added, changed and deleted, and what is wrong is said at the field', async ({ page }, info) => {
  await signIn(page)
  const name = `Search team ${Date.now()}`
  await page.goto('/budgets')
  await page.getByRole('button', { name: 'Add a budget' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill(name)
  await form.getByLabel(/^Amount/).fill('0')
  await form.getByLabel('Filter').fill('age>3d')
  await form.getByLabel('Percent of threshold 1').fill('0')
  await form.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(form.getByLabel(/^Amount/)).toHaveAttribute('aria-invalid', 'true')
  await expect(form.getByLabel('Percent of threshold 1')).toHaveAttribute('aria-invalid', 'true')
  await expect(form.getByRole('alert')).toHaveCount(0)
  await form.getByLabel(/^Amount/).fill('100')
  await form.getByLabel('Percent of threshold 1').fill('50')
  await form.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(form.getByLabel('Filter')).toHaveAttribute('aria-invalid', 'true')
  await expect(form.getByRole('alert')).toHaveCount(0)
  await holds(page, info, 'a budget that is refused')
  await form.getByLabel('Filter').fill('type:EC2_Instance')
  await form.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  const line = page.getByRole('region', { name })
  await expect(line.getByText('over', { exact: true })).toBeVisible({ timeout: 90_000 })
  const { budgets } = (await (await page.request.get('/api/v1/budgets')).json()) as { budgets: { name: string; standing: { month_to_date: number; forecast: number } }[] }
  const { standing } = budgets.find((one) => one.name === name)!
  const dollars = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'USD' })
  await expect(line).toContainText(dollars.format(standing.month_to_date))
  await expect(line).toContainText(dollars.format(standing.forecast))
  await holds(page, info, 'budgets')

  await line.getByRole('link', { name }).click()
  await expect(page).toHaveURL(/budget=/)
  const detail = page.getByRole('dialog', { name })
  await expect(detail.getByRole('img', { name: 'Spent in the month, by day' })).toBeVisible()
  await expect(detail.getByText('50 % of actual')).toBeVisible()
  await holds(page, info, 'a budget')
  await detail.getByRole('button', { name: 'Change' }).click()
  await page.getByRole('dialog', { name: `Change ${name}` }).getByLabel(/^Amount/).fill('90000')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(detail.getByText(/of \$90,000.00|of US\$90,000.00/).first()).toBeVisible()
  await detail.getByRole('button', { name: 'Delete' }).click()
  await holds(page, info, 'deleting a budget')
  await page.getByRole('button', { name: 'Delete the budget' }).click()
  await expect(page.getByRole('region', { name })).toHaveCount(0)
  await expect(page).toHaveURL(/\/budgets$/)
})

test('a viewer sees budgets and costs, and no verb', async ({ page }) => {
  await signIn(page, keys.viewer)
  for (const path of ['/budgets', '/costs']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await settled(page)
    await expect(page.getByRole('button', { name: /add|change|delete|save/i }), path).toHaveCount(0)
  }
})
