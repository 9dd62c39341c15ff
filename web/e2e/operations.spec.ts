import { expect, holds, keys, signIn, test } from './console'

test('operations say how the service is', async ({ page }, info) => {
  await signIn(page, process.env.CONSOLE_ADMIN_KEY!)
  await page.goto('/operations')
  await expect(page.getByText('The server is ready')).toBeVisible()
  const table = (name: string) => page.getByRole('region', { name })
  await expect(page.getByRole('rowheader', { name: 'interactive' })).toBeVisible()
  await expect(table('Workers, by process and kind of work').getByRole('cell', { name: 'interactive' })).toBeVisible()
  await expect(page.getByText('answers', { exact: true })).toBeVisible()
  await expect(page.getByText('refuses writes (noeviction)')).toBeVisible()
  // Workers tell of their calls every ten seconds.
  await expect(table('Calls to AWS, by service').getByRole('rowheader', { name: 'ec2' })).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/AWS throttled/)).toBeVisible()
  await expect(page.getByText('1 process of workers tells of calls.')).toBeVisible()
  await expect(table('Budgets of calls, by API').getByRole('rowheader', { name: 'ec2:*' })).toBeVisible()
  await holds(page, info, 'operations')
})

test('what is wrong says what to do, and what is not known says so', async ({ page }, info) => {
  await signIn(page, process.env.CONSOLE_ADMIN_KEY!)
  await page.route('**/api/v1/operations', async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    const { operations } = body
    const [node] = operations.redis.nodes
    const nothing = Object.fromEntries(Object.keys(node).map((key) => [key, null]))
    operations.redis.nodes = [
      { ...node, address: '10.0.0.1:6379', drops_keys: true, memory_policy: 'allkeys-lru', evicted_keys: 12, max_memory_bytes: 0, replicas: [{ address: '10.0.0.2:6379', state: 'wait_bgsave', lag_seconds: 4 }] },
      { ...nothing, address: '10.0.0.3:6379', answers: true, replicas: [] },
      { ...nothing, address: '10.0.0.4:6379', answers: false, role: 'replica', replicas: [] },
    ]
    operations.calls.processes.push({ id: 'dead', host: 'worker-9', pid: 1, version: '1', started_at: operations.at, told_at: '2026-01-01T00:00:00Z' })
    operations.calls.limits_agree = false
    operations.queues.queues[0].paused = true
    delete operations.workers
    await route.fulfill({ response: answer, json: body })
  })
  await page.goto('/operations')
  await expect(page.getByText('Set maxmemory-policy noeviction.', { exact: false }).first()).toBeVisible()
  await expect(page.getByText('It has no maxmemory')).toBeVisible()
  await expect(page.getByText('It does not answer: what is kept on it')).toBeVisible()
  await expect(page.getByText('role not known, server, version not known')).toBeVisible()
  await expect(page.getByText('Nothing is known of the workers')).toBeVisible()
  await expect(page.getByText('worker-9, process 1, told last')).toBeVisible()
  await expect(page.getByText('AWS_CALL_LIMITS differs between workers')).toBeVisible()
  await expect(page.getByText('1 paused')).toBeVisible()
  await holds(page, info, 'operations that are bad')
})

test('a viewer sees the parts, and why not the rest', async ({ page }, info) => {
  await signIn(page, keys.viewer)
  await page.goto('/operations')
  await expect(page.getByText('The server is ready')).toBeVisible()
  await expect(page.getByText('They need the permission instance')).toBeVisible()
  await expect(page.getByRole('rowheader')).toHaveCount(0)
  await holds(page, info, 'operations of a viewer')
})
