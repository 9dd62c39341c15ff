// Follows a scan region by region. Lost connections and restarts of the server are waited for.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })

const { job_id } = await tracker.scan({ services: ['ec2'], single_flight: false })
const resources = new Map<string, number>()
const onConnection = (connection: 'open' | 'lost') => connection === 'lost' && console.log('the connection was lost, trying again')
for await (const event of tracker.follow(job_id, { onConnection })) {
  if (event.event === 'cells') {
    for (const cell of event.data.cells) resources.set(cell.region, (resources.get(cell.region) ?? 0) + cell.resources)
    console.log([...resources].map(([region, count]) => `${region} ${count}`).join('  '))
  }
  if (event.event === 'done') console.log(`${event.data.state}, ${event.data.complete ? 'complete' : 'not complete'}`)
}
