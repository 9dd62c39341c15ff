// Stops one running instance of dev, and says whether AWS shows that it has stopped.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const region = process.env.REGION || 'us-east-1'

const { job_id } = await tracker.scan({ types: ['EC2_Instance'], regions: [region] })
await tracker.waitForJob(job_id)
const filter = 'state:running tag:Environment=dev -tag:aws:autoscaling:groupName'
const [instance] = await tracker.resources(job_id, { filter }).all(1)
if (!instance) throw new Error(`no instance of dev runs in ${region}`)

const { resource_id, resource_type } = instance
const result = await tracker.act({ resource_id, resource_type, region, action: 'stop' }, { wait: 60 })
if (!('verification_status' in result)) throw new Error(`plan ${result.plan.plan_id} is still looked at`)
console.log(`${result.resource_id}: ${result.verification_status}: ${result.error ?? result.message}`)
process.exitCode = result.verification_status === 'verified' ? 0 : 1
