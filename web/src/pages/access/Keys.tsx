import type { APIKey } from '@consolesensei/resource-tracker'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../api/queries'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { Confirm } from '../../ui/Confirm'
import { moment, since } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { AddKey } from './AddKey'
import { Grants } from './Grants'
import { NeedsManage } from './NeedsManage'
import { RotateKey } from './RotateKey'

const changed = () => void queries.invalidateQueries({ queryKey: ['keys'] })

/** Keys are the API keys of the tenant: what each may do, when it was used, and its end. Secrets are not kept and not listed. */
export function Keys() {
  return useMay('manage') ? <KeyList /> : <NeedsManage what="to see or make keys" />
}

function KeyList() {
  const [adding, setAdding] = useState(false)
  const [rotating, setRotating] = useState<APIKey>()
  const [deleting, setDeleting] = useState<APIKey>()
  const keys = useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => tracker.keys.list({ signal }) })
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text size="sm">Keys of the server's settings are not listed: VALID_API_KEYS and OPERATOR_API_KEYS.</Text>
        <Button onClick={() => setAdding(true)}>New key</Button>
      </Group>
      <Asked query={keys} what="the keys" height={200}>
        {(all) => all.length === 0 ? <Empty title="There is no key yet">Give each program a key of its own, with no more than it needs.</Empty> : (
          <Frame name="Keys" width={780}>
            <Table>
              <thead><tr><th>Key</th><th>May</th><th>Made</th><th>Used last</th><th>Ends</th><th>Verbs</th></tr></thead>
              <tbody>
                {all.map((key) => (
                  <tr key={key.key_id}>
                    <td>{key.name}<Text size="xs" className="mono">trk_{key.key_id}…</Text></td>
                    <td><Grants grants={key.grants} /></td>
                    <td>{moment(key.created_at)}<Text size="xs">for {key.person}</Text></td>
                    <td>{since(key.last_used_at)}</td>
                    <td>{moment(key.expires_at)}{key.old_secret_until && Date.parse(key.old_secret_until) > Date.now() && <Text size="xs">the old secret until {moment(key.old_secret_until)}</Text>}</td>
                    <td>
                      <Group gap="xs" wrap="nowrap">
                        <Button size="compact-sm" variant="default" onClick={() => setRotating(key)} aria-label={`Rotate ${key.name}`}>Rotate</Button>
                        <Button size="compact-sm" variant="default" onClick={() => setDeleting(key)} aria-label={`Delete ${key.name}`}>Delete</Button>
                      </Group>
                    </td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Frame>
        )}
      </Asked>
      {adding && <AddKey onDone={changed} onClose={() => setAdding(false)} />}
      {rotating && <RotateKey apiKey={rotating} onDone={changed} onClose={() => setRotating(undefined)} />}
      {deleting && (
        <Confirm title="Delete a key" verb="Delete the key" run={() => tracker.keys.delete(deleting.key_id)} onDone={changed} onClose={() => setDeleting(undefined)}>
          <Text size="sm">{deleting.name} is refused from now on, and so are its sessions. What it has started goes on. It was used last {since(deleting.last_used_at)}.</Text>
        </Confirm>
      )}
    </Stack>
  )
}
