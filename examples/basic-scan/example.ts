// Scans the account of the server and says what there is, by type, and what could not be seen.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })

const { job_id } = await tracker.scan({ services: ['ec2'] })
const job = await tracker.waitForJob(job_id)
console.log(`${job.state}: ${job.summary.total_resources} resources, $${job.cost_summary.estimated_monthly_total.toFixed(2)} a month`)
for (const [type, count] of Object.entries(job.summary.by_type)) console.log(`${type} ${count}`)
for (const failure of job.errors) console.log(`not seen: ${failure.cells} × ${failure.outcome}: ${failure.message}`)
