// Sums costs by type and by the tag Team.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })

const { job_id } = await tracker.scan({ services: ['ec2'] })
await tracker.waitForJob(job_id)
for (const group_by of ['type', 'tag:Team']) {
  const costs = await tracker.jobs.costs(job_id, { group_by })
  const { estimated_monthly_total: total, resources_with_unknown_cost: unknown } = costs
  console.log(`by ${group_by}: $${total.toFixed(0)} a month, and ${unknown} resources of unknown cost`)
  for (const group of costs.groups.slice(0, 5)) {
    console.log(`  ${(group.key ?? 'without').padEnd(20)} ${group.estimated_monthly_total.toFixed(2).padStart(10)}`)
  }
}
