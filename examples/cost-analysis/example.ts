// Says what an account costs by type and by environment, and what could be saved.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example' } // the demo takes any

const { job_id } = await tracker.scan(keys)
await tracker.waitForJob(job_id)
for (const group_by of ['type', 'tag:Environment']) {
  const costs = await tracker.jobs.costs(job_id, { group_by })
  console.log(`by ${group_by}: $${costs.estimated_monthly_total.toFixed(2)} a month, ${costs.resources_with_unknown_cost} resources unknown`)
  for (const group of costs.groups.slice(0, 5)) console.log(`  ${group.key ?? 'none'}: $${group.estimated_monthly_total.toFixed(2)}`)
}
for await (const { summary } of tracker.findings(job_id, { limit: 1 }).pages()) {
  console.log(`could be saved: $${summary.monthly_saving?.toFixed(2) ?? 'unknown'} a month`)
  for (const rule of summary.by_rule.filter((r) => r.monthly_saving > 0)) console.log(`  ${rule.rule}: $${rule.monthly_saving.toFixed(2)}`)
  break // the summary is on every page
}
