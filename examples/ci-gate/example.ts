// Ends with 5 when findings would save more a month than MAX_WASTE dollars, and with 3 when the scan did not see everything.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const bound = Number(process.env.MAX_WASTE || 100)

const { job_id } = await tracker.scan({ services: ['ec2'] })
const job = await tracker.waitForJob(job_id)
const { summary } = await tracker.findings(job_id, { counted: true, limit: 1 }).first()
const waste = summary.monthly_saving
if (!job.complete || waste === null) {
  console.log('the scan did not see everything:', job.errors)
  process.exitCode = 3
} else {
  console.log(`waste: $${waste.toFixed(2)} a month; allowed: $${bound.toFixed(2)}`)
  process.exitCode = waste > bound ? 5 : 0
}
