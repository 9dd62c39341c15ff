// Schedules a scan, runs it now, and deletes the schedule. A schedule keeps no keys: it works in the account of the server,
// or in a registered one.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })

const schedule = await tracker.schedules.create({ name: 'every morning', cron: '0 6 * * *', time_zone: 'Europe/Berlin', services: ['ec2'] })
for (const at of schedule.next_runs) console.log(`will run at ${at}`)
try {
  const { job_id } = await tracker.schedules.run(schedule.schedule_id)
  await tracker.waitForJob(job_id)
  const { runs } = await tracker.schedules.runs(schedule.schedule_id)
  for (const run of runs) console.log(`ran at ${run.created_at}: ${run.state}, ${run.summary.total_resources} resources`)
} finally {
  if (!process.env.KEEP) await tracker.schedules.delete(schedule.schedule_id)
}
