// Fails a build, with exit code 5, when the account wastes more a month than MAX_WASTE dollars; 3 when not all was seen.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example' } // the demo takes any
const bound = Number(process.env.MAX_WASTE ?? 5000)

const { job_id } = await tracker.scan(keys)
const job = await tracker.waitForJob(job_id)
const { value: page } = await tracker.findings(job_id, { limit: 1 }).pages().next()
const waste = page?.summary.monthly_saving ?? 0
console.log(`${job.state}: $${waste.toFixed(2)} a month could be saved, and $${bound.toFixed(2)} are allowed`)
process.exitCode = waste > bound ? 5 : job.complete ? 0 : 3
