import type { Schemas } from '@consolesensei/resource-tracker'
import { Badge, Button, Paper, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../api/queries'
import { useMay, useWho } from '../../api/session'
import { tracker } from '../../api/tracker'
import { Confirm } from '../../ui/Confirm'
import { moment, since, words } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { Grants } from './Grants'

/** People is who is signed in: who you are yourself, and each session, which can be ended. */
export function People() {
  const who = useWho()
  const mayManage = useMay('manage')
  const [ending, setEnding] = useState<Schemas['Session']>()
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => tracker.sessions.list({}, { signal }).all(1_000), refetchInterval: 60_000 })
  return (
    <Stack gap="md">
      {who && (
        <Paper withBorder p="md">
          <Text fw={600}>You are {who.name ?? who.who}</Text>
          <Text size="sm">Tenant {who.tenant}; the audit calls you <span className="mono">{who.who}</span>; you may {who.permissions.map(words).join(', ')}.</Text>
          <Grants grants={who.grants} />
        </Paper>
      )}
      <Text size="sm">{mayManage ? 'Sessions of everybody in your tenant.' : 'Your own sessions. An admin sees those of everybody in the tenant.'} A key of the API needs none.</Text>
      <Asked query={sessions} what="the sessions" height={200}>
        {(all) => all.length === 0 ? <Empty title="Nobody is signed in">Keys are in use without a session.</Empty> : (
          <Frame name="Sessions" width={720}>
            <Table>
              <thead><tr><th>Who</th><th>Signed in</th><th>Used last</th><th>Ends</th><th>From</th><th>End it</th></tr></thead>
              <tbody>
                {all.map((session) => (
                  <tr key={session.session_id}>
                    <td>{session.name ?? session.who}{session.current && <> <Badge color="teal.9">this one</Badge></>}{session.name && <Text size="xs">{session.who}</Text>}</td>
                    <td>{moment(session.created_at)}</td>
                    <td>{since(session.last_used_at)}</td>
                    <td>{moment(session.expires_at)}</td>
                    <td>{session.from ?? 'not known'}<Text size="xs" maw={260} truncate>{session.user_agent}</Text></td>
                    <td><Button size="compact-sm" variant="default" onClick={() => setEnding(session)} aria-label={`End the session of ${session.name ?? session.who}, signed in ${moment(session.created_at)}`}>End</Button></td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Frame>
        )}
      </Asked>
      {ending && (
        <Confirm title="End a session" verb="End the session" run={() => tracker.sessions.end(ending.session_id)} onClose={() => setEnding(undefined)}
          onDone={() => void queries.invalidateQueries({ queryKey: ending.current ? ['who'] : ['sessions'] })}>
          <Text size="sm">{ending.current ? 'It is the one that you use now: you will have to sign in again.' : `${ending.name ?? ending.who} will have to sign in again.`} What they have started goes on.</Text>
        </Confirm>
      )}
    </Stack>
  )
}
