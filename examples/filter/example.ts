// Lists what a filter selects.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const filter = process.env.FILTER || 'type:EBS_Volume state:available'

const { job_id } = await tracker.scan({ services: ['ec2'] })
await tracker.waitForJob(job_id)
for await (const { resource_id, region, state, estimated_cost_monthly: cost } of tracker.resources(job_id, { filter })) {
  console.log(resource_id, region, state, cost === null ? 'unknown' : `$${cost.toFixed(2)}`)
}
