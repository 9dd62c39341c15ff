// Lists the volumes that nothing uses and that cost more than $20 a month.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example' } // the demo takes any

const { job_id } = await tracker.scan({ ...keys, types: ['EBS_Volume'] })
await tracker.waitForJob(job_id)
const filter = 'type:EBS_Volume state:available cost>20'
for await (const volume of tracker.resources(job_id, { filter })) {
  console.log(`${volume.resource_id} in ${volume.region}: ${volume.metadata.size_gb} GB, $${volume.estimated_cost_monthly} a month`)
}
