// Stops instances by a plan, has it approved where the server asks for that, and takes it back.
import { type PlanAnswer, Tracker } from '@consolesensei/resource-tracker'

const url = process.env.TRACKER_URL!
const tracker = new Tracker({ url, key: process.env.TRACKER_API_KEY })
const approver = new Tracker({ url, key: process.env.TRACKER_APPROVER_KEY }) // of another person: nobody approves their own plan

const filter = 'type:EC2_Instance state:running tag:Environment=test -tag:aws:autoscaling:groupName'
const stop = await tracker.plans.create({ select: { filter, regions: ['us-east-1'], action: 'stop' } })
await carryOut(stop)
await carryOut(await tracker.plans.undo(stop.plan.plan_id))

async function carryOut(begun: PlanAnswer) {
  const { plan, items } = await tracker.waitForPlan(begun.plan.plan_id)
  for (const item of items) console.log(`${item.action} ${item.resource_id}: ${item.would}`)
  if (plan.approval.required) {
    const approved = await approver.plans.approve(plan)
    console.log(`approved by ${approved.plan.approval.by}`)
  }
  await tracker.plans.apply(plan)
  const ended = await tracker.waitForPlan(plan.plan_id)
  console.log(`${ended.plan.state}: ${JSON.stringify(ended.plan.totals.by_state)}`)
  if (ended.plan.state !== 'succeeded') throw new Error(`the plan is ${ended.plan.state}`)
}
