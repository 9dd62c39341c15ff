import { expect, holds, test } from './console'

// A second demo, of ACTIONS_REQUIRE_APPROVAL and the same keys.
const url = process.env.CONSOLE_APPROVAL_URL!
const headers = { Origin: url }

test('a plan is approved by a second person, and then applied', async ({ browser }, info) => {
  const [author, approver] = await Promise.all([process.env.CONSOLE_KEY!, process.env.CONSOLE_ADMIN_KEY!].map(async (key) => {
    const page = await (await browser.newContext({ baseURL: url })).newPage()
    const answer = await page.request.post(`${url}/api/v1/auth/token`, { data: { api_key: key }, headers })
    expect(answer.ok()).toBe(true)
    return page
  }))
  const selected = { filter: 'type:EBS_Volume tag:Team=platform', action: 'tag', params: { tags: { Reviewed: 'twice' } } }
  const made = await author!.request.post(`${url}/api/v1/plans?wait=30`, { headers, data: { select: selected } })
  const id = (await made.json()).plan.plan_id
  await author!.goto(`/plans/${id}`)
  await expect(author!.getByText('It waits for a second person')).toBeVisible()
  await expect(author!.getByText(/You made it/)).toBeVisible()
  await expect(author!.getByRole('button', { name: /approve|^apply/i })).toHaveCount(0)
  await holds(author!, info, 'waiting for approval')

  await approver!.goto(`/plans/${id}`)
  await holds(approver!, info, 'approving')
  await approver!.getByRole('button', { name: 'Approve' }).click()
  await expect(approver!.getByText(/^Approved by/)).toBeVisible()

  // The author's page hears of it.
  await expect(author!.getByText(/^Approved by/)).toBeVisible()
  await author!.getByRole('button', { name: 'Apply', exact: true }).click()
  const phrase = (await author!.locator('label code').textContent())!
  await author!.getByLabel(/^Type/).fill(phrase)
  await author!.getByRole('button', { name: phrase, exact: true }).click()
  await expect(author!.getByText('succeeded')).toBeVisible({ timeout: 60_000 })
  await expect(approver!.getByText('succeeded')).toBeVisible()
  await author!.context().close()
  await approver!.context().close()
})
