// Deletes the unattached volumes of tests: looks at all of them first, and changes only what was looked at.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example' } // the demo takes any

const select = { action: 'delete', filter: 'type:EBS_Volume state:available tag:Environment=test' }
const begun = await tracker.plans.create({ ...keys, select, max_items: 20 })
const looked = await tracker.waitForPlan(begun.plan.plan_id)
for (const item of looked.items) {
  const refused = item.refusals.map((refusal) => `refused: ${refusal.message}`).join(', ')
  console.log(`${item.action} ${item.resource_id} in ${item.region}: ${refused || item.would}`)
}
console.log(`${looked.plan.state}: ${looked.plan.totals.items} changes, $${looked.plan.totals.monthly_saving.toFixed(2)} a month`)

await tracker.plans.apply(looked.plan)
const { plan } = await tracker.waitForPlan(looked.plan.plan_id)
console.log(`${plan.state}: ${JSON.stringify(plan.totals.by_state)}`)
