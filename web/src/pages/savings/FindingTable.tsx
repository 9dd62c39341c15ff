import type { LiveFinding } from '@consolesensei/resource-tracker'
import { Badge, Button, Checkbox, Code, Text } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { moment, money, since, words } from '../../ui/format'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { quoted } from '../inventory/key'
import { Unacknowledge } from './Unacknowledge'

interface FindingTableProps {
  findings: LiveFinding[]
  /** Those that are selected; undefined where nobody may select. */
  selected?: Map<string, LiveFinding>
  onSelect: (finding: LiveFinding, isSelected: boolean) => void
  onAcknowledge?: (finding: LiveFinding) => void
}

/** isPlannable says whether a plan can repair a finding. */
export const isPlannable = (finding: LiveFinding): boolean => finding.fix !== undefined && finding.state === 'open' && !finding.held

/** FindingTable lists findings with what they rest on. Only one that has a repair can be selected. */
export function FindingTable({ findings, selected, onSelect, onAcknowledge }: FindingTableProps) {
  return (
    <Frame name="Findings" width={760}>
      <Table>
        <thead>
          <tr>
            {selected && <th style={{ width: 40 }}>Plan</th>}
            <th>Finding</th><th>Resource</th><th className="number">Saves a month</th><th>Confidence</th><th>Repair</th>
            {onAcknowledge && <th>Acknowledge</th>}
          </tr>
        </thead>
        <tbody>
          {findings.map((finding) => (
            <tr key={finding.finding_id}>
              {selected && (
                <td>
                  {isPlannable(finding) && (
                    <Checkbox checked={selected.has(finding.finding_id)} onChange={(event) => onSelect(finding, event.currentTarget.checked)} aria-label={`Select ${words(finding.rule)} of ${finding.resource_name ?? finding.resource_id}`} />
                  )}
                </td>
              )}
              <td><Text size="sm">{finding.title}</Text>{finding.unconfirmed && <Badge color="orange.9" style={{ '--badge-color': '#fff' }}>not confirmed</Badge>}<Text size="xs">open since {since(finding.opened_at)}, last seen {since(finding.seen_at)}</Text>{finding.acknowledgement && <Text size="xs">Left as it is by {finding.acknowledgement.by}, {finding.acknowledgement.until ? `until ${moment(finding.acknowledgement.until)}` : 'for good'}: {finding.acknowledgement.reason}</Text>}<Evidence finding={finding} /></td>
              <td>
                <To to="/inventory" search={{ filter: `id:${quoted(finding.resource_id)}` }} size="sm">{finding.resource_name ?? finding.resource_id}</To>
                <Text size="xs">{words(finding.resource_type)}, {finding.region}</Text>
              </td>
              <td className="number">{money(finding.monthly_saving)}{!finding.counted && <Text size="xs">not in the sum</Text>}</td>
              <td>{finding.confidence}<Text size="xs">risk {finding.risk}</Text></td>
              <td><Text size="sm">{finding.fix ? finding.fix.action : 'by hand'}</Text><Text size="xs">{finding.held ?? finding.risk_note}</Text></td>
              {onAcknowledge && (
                <td>
                  {finding.state === 'open' && <Button size="compact-sm" variant="default" onClick={() => onAcknowledge(finding)} aria-label={`Acknowledge ${words(finding.rule)} of ${finding.resource_name ?? finding.resource_id}`}>Leave it</Button>}
                  {finding.state === 'acknowledged' && <Unacknowledge finding={finding} />}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </Table>
    </Frame>
  )
}

function Evidence({ finding }: { finding: LiveFinding }) {
  return (
    <details>
      <summary><Text size="xs" component="span">Evidence</Text></summary>
      <Text size="xs">{finding.basis}</Text>
      {Object.entries(finding.evidence).map(([name, value]) => <Text size="xs" key={name}>{words(name)}: <Code>{JSON.stringify(value)}</Code></Text>)}
    </details>
  )
}
