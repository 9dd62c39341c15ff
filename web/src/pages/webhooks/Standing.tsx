import type { Webhook } from '@consolesensei/resource-tracker'
import { Badge, Text } from '@mantine/core'
import { since } from '../../ui/format'

/** Standing says whether a webhook is sent events, and whether they arrive. */
export function Standing({ hook }: { hook: Webhook }) {
  const badge = (color: string, text: string) => <Badge color={color} miw="max-content" style={{ '--badge-color': '#fff' }}>{text}</Badge>
  if (!hook.enabled) {
    return <>{badge(hook.disabled_reason ? 'red.9' : 'gray.7', 'off')}<Text size="xs">{hook.disabled_reason ?? 'switched off by a person'}{hook.disabled_at && `, ${since(hook.disabled_at)}`}</Text></>
  }
  if (hook.failing_since) return <>{badge('red.9', 'failing')}<Text size="xs">every attempt since {since(hook.failing_since)}</Text></>
  return badge('teal.9', 'on')
}
