// Posts to a channel what has changed in a week.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })

const from = process.env.SINCE ?? '7d'
const { summary, changes, complete } = await tracker.trends.diff({ from, limit: 5 }).first()
const { added, removed, changed, cost_difference } = summary!
const lines = changes.map((c) => `• ${c.change}: ${c.resource_type} ${c.resource_id} in ${c.region} ${c.fields.map((f) => f.field).join(', ')}`)
const count = `${added + removed + changed} resources have changed in ${from}, $${cost_difference.toFixed(0)} a month${complete ? '' : '; not all is known'}:`
const text = [count, ...lines].join('\n')
console.log(text)

const headers = { 'Content-Type': 'application/json' }
const answer = await fetch(process.env.SLACK_WEBHOOK_URL!, { method: 'POST', headers, body: JSON.stringify({ text }) })
if (!answer.ok) throw new Error(`Slack answers ${answer.status}`)
