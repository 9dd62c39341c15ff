import type { PlanItem } from '@consolesensei/resource-tracker'
import { Code, Text } from '@mantine/core'
import { moment, words } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'

/** Ledger is what has become of an item: verified or why not, with each call that was sent and what AWS shows now. */
export function Ledger({ item }: { item: PlanItem }) {
  const { item_state, message, error, steps = [], current_state, finished_at } = item.ledger
  return (
    <>
      <StateBadge state={item_state} />
      {message && <Text size="xs">{message}</Text>}
      {error && error.message !== message && <Text size="xs">{error.message}{error.code && ` (${error.code})`}</Text>}
      {error?.missing_permissions?.map((one) => <Text size="xs" key={one}>Missing: <Code>{one}</Code></Text>)}
      {(steps.length > 0 || current_state) && (
        <details>
          <summary><Text size="xs" component="span">Evidence</Text></summary>
          {current_state && <Text size="xs">AWS shows now: {current_state}</Text>}
          {steps.map((step) => (
            <Text size="xs" key={step.name}>
              {words(step.name)}: {step.accepted_at ? `taken by AWS ${moment(step.accepted_at)}` : 'not taken by AWS'}{step.done_at && `, seen done ${moment(step.done_at)}`}
              {step.trouble && `, AWS answered ${step.trouble}`}{step.request_id && <>, request <Code className="mono">{step.request_id}</Code></>}
              {step.left && `, left ${Object.entries(step.left).map(([name, value]) => `${words(name)} ${value}`).join(', ')}`}
            </Text>
          ))}
          {finished_at && <Text size="xs">Ended {moment(finished_at)}</Text>}
        </details>
      )}
    </>
  )
}
