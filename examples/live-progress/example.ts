// Shows a scan as it runs. Lost connections and restarts of the server are waited for.
import { Tracker } from '@consolesensei/resource-tracker'

const tracker = new Tracker({ url: process.env.TRACKER_URL!, key: process.env.TRACKER_API_KEY })
const keys = { access_key_id: 'AKIAEXAMPLE', secret_access_key: 'example' } // the demo takes any

const { job_id } = await tracker.scan({ ...keys, single_flight: false })
const resources = new Map<string, number>()
const onConnection = (connection: string) => connection === 'lost' && console.log('the connection was lost, trying again')
for await (const event of tracker.follow(job_id, { onConnection })) {
  if (event.event === 'cells') {
    for (const cell of event.data.cells) resources.set(cell.region, (resources.get(cell.region) ?? 0) + cell.resources)
    console.log([...resources].map(([region, count]) => `${region} ${count}`).join('  '))
  }
  if (event.event === 'done') console.log(`${event.data.state}, ${event.data.complete ? 'complete' : 'not complete'}`)
}
