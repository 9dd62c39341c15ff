// Scans every night at three, and once now. A schedule keeps no keys: it runs with the server's own identity, or in a
// registered account.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })

const schedule = await tracker.schedules.create({
  name: 'nightly', cron: '0 3 * * *', time_zone: 'Europe/Berlin', types: ['EC2_Instance', 'EBS_Volume'], keep: 7,
})
console.log(`${schedule.name}: next at ${schedule.next_runs.join(', ')}`)
const { job_id } = await tracker.schedules.run(schedule.schedule_id)
const job = await tracker.waitForJob(job_id)
console.log(`now: ${job.state}, ${job.summary.total_resources} resources`)
await tracker.schedules.delete(schedule.schedule_id)
