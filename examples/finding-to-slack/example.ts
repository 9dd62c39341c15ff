// Posts to a channel what could be saved, and findings of $20 a month and more.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })

const { job_id } = await tracker.scan({ services: ['ec2'] })
await tracker.waitForJob(job_id)
const { summary, findings } = await tracker.findings(job_id, { counted: true, min_saving: 20, limit: 5 }).first()
if (summary.monthly_saving === null) throw new Error(`the findings were not evaluated: ${summary.reason}`)
const lines = findings.map((f) => `• ${f.title}: ${f.resource_id} in ${f.region}, $${f.monthly_saving?.toFixed(2)}`)
const text = [`$${summary.monthly_saving.toFixed(0)} a month could be saved, such as:`, ...lines].join('\n')
console.log(text)

const headers = { 'Content-Type': 'application/json' }
const answer = await fetch(process.env.SLACK_WEBHOOK_URL!, { method: 'POST', headers, body: JSON.stringify({ text }) })
if (!answer.ok) throw new Error(`Slack answers ${answer.status}`)
