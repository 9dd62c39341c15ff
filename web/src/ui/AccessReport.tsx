import type { Schemas } from '@consolesensei/resource-tracker'
import { Alert, Code, List, Stack, Text } from '@mantine/core'
import { Cells } from './Cells'
import { Copyable } from './Copyable'
import { count, plural } from './format'
import { Icon } from './Icon'

/** AccessReport says which account credentials are of, and what a scan with them would not see, with the policy that is missing. */
export function AccessReport({ report }: { report: Schemas['AccessReport'] }) {
  const missing = tally(report.would_be_denied)
  return (
    <Stack gap="sm">
      <Text size="sm" role="status">
        {report.accounts.length === 1 ? <>The account is <strong>{report.account_id}</strong>, entered as <Code className="mono">{report.arn}</Code>. </> : `${plural(report.accounts.length, 'account')} can be entered. `}
        A scan would see {count(report.allowed)} of {plural(report.cells_total, 'cell')}.
      </Text>
      {report.method === 'probe' && <Text size="sm">IAM could not be asked{reasons(report.accounts)}: calls on resources that do not exist yet could not be tried.</Text>}
      {missing.length > 0 && (
        <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title={`${plural(missing.length, 'permission')} missing, for ${plural(report.would_be_denied.length, 'cell')}`}>
          <Stack gap="sm">
            <List size="sm">{missing.map(([action, cells]) => <List.Item key={action}><Code>{action}</Code>, {plural(cells, 'cell')}</List.Item>)}</List>
            <Cells cells={report.would_be_denied.map((cell) => ({ ...cell, why: cell.message }))} />
            {report.policy
              ? <Copyable name="Policy with what is missing" text={JSON.stringify(report.policy, null, 2)} />
              : <Text size="sm">A policy of the organisation denies it: no policy of the account can allow it.</Text>}
          </Stack>
        </Alert>
      )}
      {report.would_fail.length > 0 && (
        <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title={`${plural(report.would_fail.length, 'cell')} not seen for another reason`}>
          <Cells cells={report.would_fail.map((cell) => ({ ...cell, why: `${cell.outcome}: ${cell.message}` }))} />
        </Alert>
      )}
      {missing.length + report.would_fail.length === 0 && <Text size="sm" fw={600}>Nothing is missing.</Text>}
    </Stack>
  )
}

const reasons = (accounts: Schemas['Caller'][]): string => {
  const said = [...new Set(accounts.flatMap((one) => one.reason ?? []))]
  return said.length > 0 ? ` (${said.join(', ')})` : ''
}

/** tally counts the cells that each missing permission is about, the most first. */
function tally(cells: Schemas['ShortCell'][]): [string, number][] {
  const counts = new Map<string, number>()
  for (const cell of cells) for (const action of cell.missing_permissions) counts.set(action, (counts.get(action) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
}
