import { Badge } from '@mantine/core'
import { words } from './format'

const colours: Record<string, string> = {
  succeeded: 'teal.9', verified: 'teal.9', planned: 'indigo.8', scheduled: 'indigo.8', planning: 'indigo.8', applying: 'indigo.8', running: 'indigo.8',
  queued: 'gray.7', finalizing: 'indigo.8', partial: 'orange.9', held: 'orange.9', failed: 'red.9', refused: 'red.9', blocked: 'orange.9',
  verify_timeout: 'orange.9', reappeared: 'orange.9', expired: 'gray.7', cancelled: 'gray.7',
  within: 'teal.9', warned: 'orange.9', forecast_over: 'orange.9', over: 'red.9',
}

/** StateBadge is a state of a scan, a plan or an item, in the API's own word. */
export function StateBadge({ state }: { state: string }) {
  return <Badge color={colours[state] ?? 'gray.7'} style={{ '--badge-color': '#fff' }}>{words(state)}</Badge>
}
