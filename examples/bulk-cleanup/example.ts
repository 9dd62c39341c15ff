// Deletes unattached volumes: looks at all of them first, and changes only what was looked at.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })

const { job_id } = await tracker.scan({ services: ['ec2'] })
await tracker.waitForJob(job_id)
const findings = await tracker.findings(job_id, { rule: 'unattached_volume', counted: true }).all(Number(process.env.LIMIT || 2))
const actions = findings.flatMap(({ fix }) => (fix ? [{ resource_id: fix.resource_id, resource_type: fix.resource_type, region: fix.region, action: fix.action }] : []))
const begun = await tracker.plans.create({ actions })
const looked = await tracker.waitForPlan(begun.plan.plan_id)
console.log(`saves $${looked.plan.totals.monthly_saving.toFixed(2)} a month`)
for (const item of looked.items) {
  const refused = item.refusals.map((refusal) => `refused: ${refusal.message}`).join(', ')
  console.log(`${item.region} ${item.resource_id}: ${refused || item.would}`)
}

await tracker.plans.apply(looked.plan)
const { plan } = await tracker.waitForPlan(looked.plan.plan_id)
console.log(`${plan.state}: ${JSON.stringify(plan.totals.by_state)}`)
process.exitCode = plan.state === 'succeeded' ? 0 : 1
