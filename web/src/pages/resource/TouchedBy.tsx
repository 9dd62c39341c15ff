import { Stack, Text } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { money, since, words } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Empty, Failed, Loading } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { type Subject, useLife } from './subject'

/** most is how many plans the API tells of. */
const most = 100

/** TouchedBy is the plans that are or were about a resource, and what became of their items. */
export function TouchedBy({ subject: { key } }: { subject: Subject }) {
  const pages = useLife(key)
  const plans = pages.data?.pages[0]?.plans
  if (!plans) return pages.isError ? <Failed error={pages.error} again={() => void pages.refetch()} /> : <Loading what="the plans" height={200} />
  if (plans.length === 0) return <Empty title="No plan is about it">Of plans that have expired, the audit in its history has the lines.</Empty>
  return (
    <Stack gap="sm">
      <Text size="sm">Plans are kept for a time. Of older ones the audit has the lines.{plans.length >= most && ` The newest ${most} are shown: there may be more.`}</Text>
      <Frame name="Plans about it" width={480}>
        <Table verticalSpacing={4}>
          <thead><tr><th>Plan</th><th>The plan</th><th>This item</th><th className="number">Saves a month</th></tr></thead>
          <tbody>
            {plans.map((plan) => (
              <tr key={`${plan.plan_id}/${plan.item}`}>
                <td>
                  <To to="/plans/$id" params={{ id: plan.plan_id }} size="sm">{plan.undo_of ? `undo: ${words(plan.action)}` : words(plan.action)}</To>
                  <Text size="xs">{since(plan.created_at)} by {plan.author}{plan.approval.by && `, approved by ${plan.approval.by}`}</Text>
                  {plan.schedule_id && <Text size="xs">started by a schedule</Text>}
                </td>
                <td><StateBadge state={plan.state} />{plan.reason && <Text size="xs">{plan.reason}</Text>}</td>
                <td><StateBadge state={plan.item_state} />{plan.message && <Text size="xs">{plan.message}</Text>}</td>
                <td className="number">{money(plan.monthly_saving)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Frame>
    </Stack>
  )
}
