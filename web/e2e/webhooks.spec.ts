import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, holds, keys, settled, signIn, test } from './console'

interface Received { id: string; signature: string; type: string }

/** receiver is broken at first. */
async function receiver(): Promise<{ server: Server; url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      received.push({ id: String(request.headers['webhook-id']), signature: String(request.headers['webhook-signature']), type: (JSON.parse(body) as { type: string }).type })
      response.writeHead(received.length === 1 ? 500 : 204).end(received.length === 1 ? 'the receiver is broken' : undefined)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/a-token`, received }
}

test('a webhook is added, tested, replayed, given a new secret and deleted', async ({ page }, info) => {
  const name = `receiver ${Date.now()}`
  const { server, url, received } = await receiver()
  try {
    await signIn(page, process.env.CONSOLE_ADMIN_KEY)
    await page.goto('/webhooks')
    await expect(page.getByRole('heading', { level: 1, name: 'Webhooks' })).toBeVisible()
    await page.getByRole('button', { name: 'Add a webhook' }).click()
    await page.getByLabel('URL').fill('https://10.0.0.1/hook')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(page.getByLabel('URL')).toHaveAttribute('aria-invalid', 'true')
    await holds(page, info, 'add a webhook')

    await page.getByLabel('URL').fill(url)
    await page.getByLabel('Description').fill(name)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(page.getByText(/^whsec_/)).toBeVisible()
    await holds(page, info, 'the secret')
    await page.getByRole('button', { name: 'I have it' }).click()
    await expect(page.getByText(/whsec_/)).toHaveCount(0)

    const drawer = page.getByRole('dialog', { name: 'Webhook', exact: true })
    await expect(drawer.getByText('a-token')).toHaveCount(0)
    await drawer.getByRole('button', { name: 'Test' }).click()
    await expect(drawer.getByText('1 attempt, answered 500')).toBeVisible()
    await drawer.getByText('1 attempt, answered 500').click()
    await expect(drawer.getByText('the receiver is broken')).toBeVisible()
    await expect(drawer.getByText('2 attempts, answered 204')).toBeVisible()
    await holds(page, info, 'a webhook')
    await drawer.getByRole('button', { name: /^Replay webhook.test/ }).click()
    await expect(drawer.getByText(/3 attempts, answered 204/)).toBeVisible()
    expect(new Set(received.map((one) => one.id)).size).toBe(1)
    expect(received.at(-1)).toMatchObject({ type: 'webhook.test', signature: expect.stringMatching(/^v1,/) })

    await drawer.getByRole('button', { name: 'New secret' }).click()
    await page.getByRole('button', { name: 'Make a secret' }).click()
    await expect(page.getByText(/^whsec_/)).toBeVisible()
    await page.getByRole('button', { name: 'I have it' }).click()
    await expect(drawer.getByText(/signs too until/)).toBeVisible()
    await drawer.getByRole('button', { name: 'Switch off' }).click()
    await expect(drawer.getByText('switched off by a person')).toBeVisible()
    await drawer.getByRole('button', { name: 'Change' }).click()
    await page.getByRole('checkbox', { name: 'Every event, and those that will be added' }).check()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(drawer.getByText(/every event/)).toBeVisible()

    // What others see of it.
    await signIn(page, keys.viewer)
    await page.reload()
    await expect(drawer.getByText(/What was sent is shown to admins/)).toBeVisible()
    await settled(page)
    await expect(page.getByRole('button', { name: /add a webhook|test|switch o|change|secret|delete|replay/i })).toHaveCount(0)
    await drawer.getByRole('button', { name: 'Close' }).click()
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(page.getByRole('link', { name: name })).toBeVisible()
    await holds(page, info, 'webhooks')

    await signIn(page, process.env.CONSOLE_ADMIN_KEY)
    await page.reload()
    await page.getByRole('link', { name: name }).click()
    await drawer.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete the webhook' }).click()
    await expect(page.getByRole('link', { name: name })).toHaveCount(0)
  } finally {
    server.close()
  }
})
