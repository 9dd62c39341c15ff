// Plans to stop an instance, has the plan approved where the server asks for it, applies it, and takes it back.
import { type PlanAnswer, Tracker } from '@consolesensei/resource-tracker'

const url = process.env.TRACKER_URL!
const tracker = new Tracker({ url, key: process.env.TRACKER_API_KEY })
const approver = new Tracker({ url, key: process.env.TRACKER_APPROVER_KEY }) // of another person: nobody approves their own plan
const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example' } // the demo takes any

const { job_id } = await tracker.scan({ ...keys, types: ['EC2_Instance'] })
await tracker.waitForJob(job_id)
const [instance] = await tracker.resources(job_id, { filter: 'state:running tag:Environment=dev' }).all(1)
if (!instance) throw new Error('no instance of development runs')
const { resource_id, resource_type, region } = instance

await carryOut(await tracker.plans.create({ ...keys, actions: [{ resource_id, resource_type, region, action: 'stop' }] }))
  .then((plan) => tracker.plans.undo(plan.plan_id, keys))
  .then(carryOut)

async function carryOut(begun: PlanAnswer) {
  const { plan, items } = await tracker.waitForPlan(begun.plan.plan_id)
  for (const item of items) console.log(`${item.action} ${item.resource_id}: ${item.would}`)
  if (plan.approval.required) await approver.plans.approve(plan)
  await tracker.plans.apply(plan)
  const ended = await tracker.waitForPlan(plan.plan_id)
  console.log(`${ended.plan.state}: ${JSON.stringify(ended.plan.totals.by_state)}`)
  return ended.plan
}
