import type { AuditEvent } from '@consolesensei/resource-tracker'
import { Code, Group, Text } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { moment, plural, words } from '../../ui/format'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { quoted } from '../inventory/key'
import { isBad, saysOf } from './kinds'

/** Lines is who did what when, each with links to what it is about, and with the line as it is kept. */
export function Lines({ lines }: { lines: AuditEvent[] }) {
  return (
    <Frame name="Lines of the audit" width={720}>
      <Table verticalSpacing={6}>
        <thead><tr><th style={{ width: 150 }}>When</th><th style={{ width: 210 }}>Who</th><th>What</th></tr></thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.event_id}>
              <td>{moment(line.at)}{line.number !== undefined && <Text size="xs">line {line.number}</Text>}</td>
              <td><span className="mono">{line.who}</span>{line.from && <Text size="xs">from {line.from}</Text>}</td>
              <td>
                <Text size="sm" fw={isBad(line.what) ? 600 : undefined}>{saysOf(line.what)}{line.target && <>: {words(line.target.action)} <Target target={line.target} /></>}</Text>
                {line.detail && <Text size="xs" style={{ overflowWrap: 'anywhere' }}>{line.detail}</Text>}
                {line.calls !== undefined && <Text size="xs">{plural(line.calls, 'call')} so far</Text>}
                <Group gap="md" align="flex-start">
                  <About line={line} />
                  <details>
                    <summary><Text size="xs" component="span">As it is kept</Text></summary>
                    <Code block tabIndex={0} aria-label="JSON" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{JSON.stringify(line, null, 2)}</Code>
                  </details>
                </Group>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Frame>
  )
}

function Target({ target }: { target: NonNullable<AuditEvent['target']> }) {
  return <><To to="/inventory" search={{ filter: `id:${quoted(target.resource_id)}`, account: undefined }} size="sm">{target.resource_id}</To> ({words(target.resource_type)}, {target.region})</>
}

/** About leads to what a line is about. */
function About({ line: { what, plan_id, job_id, schedule_id, webhook_id } }: { line: AuditEvent }) {
  const kind = what.split('.')[0]
  return (
    <>
      {plan_id && <To to="/plans/$id" params={{ id: plan_id }} size="xs">the plan</To>}
      {job_id && <To to="/scans/$id" params={{ id: job_id }} size="xs">the scan</To>}
      {schedule_id && what !== 'schedule.deleted' && <To to="/schedules" search={{ schedule: schedule_id }} size="xs">the schedule</To>}
      {webhook_id && what !== 'webhook.deleted' && <To to="/webhooks" search={{ webhook: webhook_id }} size="xs">the webhook</To>}
      {kind === 'key' && <To to="/access" search={{ tab: 'keys' }} size="xs">keys</To>}
      {kind === 'account' && <To to="/access" search={{ tab: 'accounts' }} size="xs">accounts</To>}
      {kind === 'budget' && <To to="/budgets" size="xs">budgets</To>}
      {kind === 'finding' && <To to="/savings" size="xs">savings</To>}
    </>
  )
}
