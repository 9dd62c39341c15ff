// Stops an instance, and says whether AWS shows that it has stopped.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example' } // the demo takes any

const { job_id } = await tracker.scan({ ...keys, types: ['EC2_Instance'] })
await tracker.waitForJob(job_id)
const [instance] = await tracker.resources(job_id, { filter: 'state:running tag:Environment=test' }).all(1)
if (!instance) throw new Error('no instance of a test runs')

const { resource_id, resource_type, region } = instance
const result = await tracker.act({ ...keys, resource_id, resource_type, region, action: 'stop' }, { wait: 60 })
if (!('verification_status' in result)) throw new Error(`the plan ${result.plan.plan_id} is still looked at`)
console.log(`${result.resource_id}: ${result.verification_status}: ${result.error ?? result.message}`)
process.exitCode = result.success ? 0 : 1
