import type { Webhook } from '@consolesensei/resource-tracker'
import { Drawer, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { moment } from '../../ui/format'
import { Asked } from '../../ui/States'
import { Table } from '../../ui/Table'
import { Deliveries } from './Deliveries'
import { eventsOf } from './events'
import { nameOf } from './name'
import type { Shown } from './Secret'
import { Standing } from './Standing'
import { Verbs } from './Verbs'

/** WebhookDrawer is all that is known of the webhook that the address names, what was sent to it, and what can be done with it. */
export function WebhookDrawer({ id, onClose, onSecret }: { id?: string; onClose: () => void; onSecret: (shown: Shown) => void }) {
  const mayManage = useMay('manage')
  const found = useQuery({ queryKey: ['webhooks', 'one', id], queryFn: ({ signal }) => tracker.webhooks.get(id!, { signal }), enabled: id !== undefined, refetchInterval: 15_000 })
  return (
    <Drawer opened={id !== undefined} onClose={onClose} position="right" size="xl" title="Webhook">
      {id !== undefined && (
        <Asked query={found} what="the webhook" height={320}>
          {(hook) => (
            <Stack gap="md">
              <Title order={2} size="h4">{nameOf(hook)}</Title>
              {mayManage && <Verbs hook={hook} onGone={onClose} onSecret={(secret) => onSecret({ secret, of: nameOf(hook) })} />}
              <Facts hook={hook} />
              {mayManage ? <Deliveries id={hook.webhook_id} /> : <Text size="sm">What was sent is shown to admins: an answer of a receiver may hold what is not for everybody.</Text>}
            </Stack>
          )}
        </Asked>
      )}
    </Drawer>
  )
}

function Facts({ hook }: { hook: Webhook }) {
  const facts: [string, ReactNode][] = [
    ['Sent to', <span className="mono">{hook.url ?? hook.to?.join(', ')}</span>],
    ['Form', hook.form],
    ['Events', eventsOf(hook.events)],
    ['State', <Standing hook={hook} />],
    ['Last arrived', moment(hook.last_success_at)],
    ...(hook.old_secret_until ? [['Old secret', `signs too until ${moment(hook.old_secret_until)}`] as [string, ReactNode]] : []),
    ['Made', `${moment(hook.created_at)}, changed ${moment(hook.changed_at)}`],
  ]
  return (
    <Table verticalSpacing={3} withRowBorders={false}>
      <tbody>{facts.map(([name, value]) => <tr key={name}><th style={{ width: 130 }}>{name}</th><td>{value}</td></tr>)}</tbody>
    </Table>
  )
}
