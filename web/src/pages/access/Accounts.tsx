import type { Account } from '@consolesensei/resource-tracker'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../api/queries'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { Confirm } from '../../ui/Confirm'
import { moment } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Asked, Empty, Failed } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'

/** Accounts are the AWS accounts that scans and plans name, and those that the tenant may work in at all. */
export function Accounts() {
  const mayManage = useMay('manage')
  const mayScan = useMay('scan')
  const [deleting, setDeleting] = useState<Account>()
  const accounts = useQuery({ queryKey: ['accounts', 'access'], queryFn: async ({ signal }) => {
    const list = tracker.accounts.list({}, { signal })
    return { all: await list.all(1_000), allowed: (await list.first()).allowed_accounts }
  } })
  const check = useMutation({ mutationFn: (name: string) => tracker.accounts.check(name) })
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text size="sm">{mayManage ? 'A scan names an account in place of keys.' : 'Registering and deleting accounts needs the role admin.'}</Text>
        {mayManage && <To to="/connect">Connect an account</To>}
      </Group>
      {check.isError && <Failed error={check.error} />}
      {check.data && <Text size="sm" role="status">The check runs: <To to="/scans/$id" params={{ id: check.data.job_id }}>see what it finds</To>.</Text>}
      <Asked query={accounts} what="the accounts" height={200}>
        {({ all, allowed }) => (
          <>
            <Text size="sm">{allowed.length === 0 ? 'The tenant may work in every account.' : `The tenant may work in these accounts only: ${allowed.join(', ')}.`}</Text>
            {all.length === 0 ? <Empty title="No account is registered">Scans use keys of their own, or the server's identity.</Empty> : (
              <Frame name="Accounts" width={680}>
                <Table>
                  <thead><tr><th>Account</th><th>Role</th><th>Regions</th><th>Changed</th>{mayScan && <th>Verbs</th>}</tr></thead>
                  <tbody>
                    {all.map((account) => (
                      <tr key={account.name}>
                        <td>{account.name}<Text size="xs">{account.account_id}{account.description && `, ${account.description}`}</Text></td>
                        <td className="mono">{account.role_arn}</td>
                        <td>{account.regions?.length ? account.regions.join(', ') : 'all'}</td>
                        <td>{moment(account.changed_at)}</td>
                        {mayScan && (
                          <td>
                            <Group gap="xs" wrap="nowrap">
                              <Button size="compact-sm" variant="default" onClick={() => check.mutate(account.name)} loading={check.isPending && check.variables === account.name} aria-label={`Check ${account.name}`}>Check</Button>
                              {mayManage && <Button size="compact-sm" variant="default" onClick={() => setDeleting(account)} aria-label={`Delete ${account.name}`}>Delete</Button>}
                            </Group>
                          </td>
                        )}
                      </tr>
                    ))}
                  </tbody>
                </Table>
              </Frame>
            )}
          </>
        )}
      </Asked>
      {deleting && (
        <Confirm title="Delete an account" verb="Delete the account" run={() => tracker.accounts.delete(deleting.name)} onDone={() => void queries.invalidateQueries({ queryKey: ['accounts'] })} onClose={() => setDeleting(undefined)}>
          <Text size="sm">The server forgets {deleting.name} and its external ID. What schedules name it fails from then on. What is known of its resources stays, and nothing changes in AWS.</Text>
        </Confirm>
      )}
    </Stack>
  )
}
