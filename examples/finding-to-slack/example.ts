// Tells a channel of Slack of the largest findings. Without SLACK_WEBHOOK_URL it prints the message.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example' } // the demo takes any

const { job_id } = await tracker.scan(keys)
await tracker.waitForJob(job_id)
const findings = await tracker.findings(job_id, { counted: true, min_saving: 50 }).all()
const largest = findings.sort((a, b) => (b.monthly_saving ?? 0) - (a.monthly_saving ?? 0)).slice(0, 5)
const lines = largest.map((f) => `• ${f.title}: ${f.resource_name ?? f.resource_id} in ${f.region}, $${f.monthly_saving?.toFixed(2)} a month`)
const message = { text: [`${findings.length} findings of $50 a month and more`, ...lines].join('\n') }

const hook = process.env.SLACK_WEBHOOK_URL
if (hook) {
  const answer = await fetch(hook, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(message) })
  if (!answer.ok) throw new Error(`Slack answered ${answer.status}: ${await answer.text()}`)
  console.log(`sent ${largest.length} findings`)
} else {
  console.log(message.text)
}
