import { expect, it } from 'vitest'
import { AWSResourceService } from './lib/api/aws-resources'

it('a scan that takes longer than a proxy waits for a first byte is waited for', async () => {
  const begun = Date.now()
  const scan = await new AWSResourceService(import.meta.env.VITE_SLOW_API_URL).scanResources('AKIAEXAMPLE', 'example')
  expect(Date.now() - begun).toBeGreaterThan(21_000)
  expect(scan.summary.total_resources).toBe(scan.resources.length)
  expect(scan.summary.by_type.EC2_Instance).toBeGreaterThan(0)
})
