import type { Webhook } from '@consolesensei/resource-tracker'
import { Button, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { moment, since } from '../../ui/format'
import { Asked, Empty, Heading } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { eventsOf } from './events'
import { nameOf } from './name'
import { Secret, type Shown } from './Secret'
import { Standing } from './Standing'
import { WebhookDrawer } from './WebhookDrawer'
import { WebhookForm } from './WebhookForm'

/** Webhooks lists where events are sent, and whether they arrive. The address holds the one that is open. */
export default function Webhooks() {
  const { webhook } = useSearch({ from: '/shell/webhooks' })
  const navigate = useNavigate({ from: '/webhooks' })
  const mayManage = useMay('manage')
  const [isAdding, setIsAdding] = useState(false)
  const [shown, setShown] = useState<Shown>()
  const hooks = useQuery({ queryKey: ['webhooks', 'list'], queryFn: ({ signal }) => tracker.webhooks.list({ signal }), refetchInterval: 15_000 })
  const open = (id: string | undefined) => void navigate({ search: { webhook: id } })
  return (
    <Stack gap="md">
      <Heading title="Webhooks">{mayManage && <Button onClick={() => setIsAdding(true)}>Add a webhook</Button>}</Heading>
      <Asked query={hooks} what="the webhooks" height={320}>
        {(list) => list.length === 0
          ? <Empty title="There is no webhook yet">{mayManage ? 'Add one, to be told of what happens: a scan that failed, a plan that waits for somebody, a budget that is crossed.' : 'An admin can add one.'}</Empty>
          : <List hooks={list} />}
      </Asked>
      <WebhookDrawer id={webhook} onClose={() => open(undefined)} onSecret={setShown} />
      {isAdding && (
        <WebhookForm onClose={() => setIsAdding(false)} onSaved={(saved, secret) => {
          setIsAdding(false)
          setShown(secret === undefined ? undefined : { secret, of: nameOf(saved) })
          open(saved.webhook_id)
        }} />
      )}
      {shown && <Secret shown={shown} onClose={() => setShown(undefined)} />}
    </Stack>
  )
}

function List({ hooks }: { hooks: Webhook[] }) {
  return (
    <Frame name="Webhooks" width={680}>
      <Table>
        <thead><tr><th>Webhook</th><th>Form</th><th>Events</th><th style={{ minWidth: 130 }}>State</th><th>Last arrived</th></tr></thead>
        <tbody>
          {hooks.map((one) => (
            <tr key={one.webhook_id}>
              <td><To to="/webhooks" search={{ webhook: one.webhook_id }}>{nameOf(one)}</To><Text size="xs" className="mono">{one.url ?? one.to?.join(', ')}</Text></td>
              <td>{one.form}</td>
              <td><Text size="sm">{eventsOf(one.events)}</Text></td>
              <td><Standing hook={one} /></td>
              <td><span title={moment(one.last_success_at)}>{since(one.last_success_at)}</span></td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Frame>
  )
}
