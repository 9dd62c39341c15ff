import type { Schemas } from '@consolesensei/resource-tracker'
import { Text, Title } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { money, words } from '../../ui/format'
import { Table } from '../../ui/Table'

const price = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD', maximumFractionDigits: 10 })
const amount = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 })

/** Cost is what a cost is made of, and where its prices come from. */
export function Cost({ cost, wasLast }: { cost: Schemas['Cost'] | null; wasLast: boolean }) {
  if (cost === null || cost.value === null) {
    return <div><Title order={3} size="h5">Cost</Title><Text size="sm">What it {wasLast ? 'cost' : 'costs'} is not known. {cost?.reason}</Text></div>
  }
  return (
    <div>
      <Title order={3} size="h5">{wasLast ? 'Cost when it was seen last' : 'Cost'}: {money(cost.value)} a month</Title>
      <Text size="sm">
        An estimate of {cost.confidence} confidence, basis {words(cost.basis)}{cost.as_of && `, prices as of ${cost.as_of}`}.{cost.upper_bound && ' It is less or as much.'} {cost.reason}
      </Text>
      {cost.components.length > 0 && (
        <Frame name="What the cost is made of" width={420}>
          <Table verticalSpacing={3}>
            <thead><tr><th>Part</th><th className="number">Quantity</th><th className="number">Price</th><th className="number">A month</th></tr></thead>
            <tbody>
              {cost.components.map((part) => (
                <tr key={part.name}>
                  <td>{words(part.name)}{part.reason && <Text size="xs">{part.reason}</Text>}</td>
                  <td className="number">{part.quantity == null ? '' : `${amount.format(part.quantity)} ${part.unit ?? ''}`}</td>
                  <td className="number">{part.unit_price == null ? 'not known' : price.format(part.unit_price)}</td>
                  <td className="number">{money(part.monthly)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Frame>
      )}
      {cost.source && <Text size="xs">{cost.source}</Text>}
    </div>
  )
}
