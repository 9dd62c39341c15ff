import type { Cell } from '@consolesensei/resource-tracker'
import { Card, Text, Title } from '@mantine/core'
import { memo, useMemo } from 'react'
import { useTypes } from '../../api/jobs'
import { count, plural } from '../../ui/format'
import { Empty } from '../../ui/States'

interface Square { resources: number; failed: number; outcomes: Set<string> }

/** HeatGrid is a scan by service and region: how many resources were found, and where something was not seen. */
export function HeatGrid({ cells }: { cells: Cell[] }) {
  const types = useTypes()
  const services = useMemo(() => new Map(types.data?.types.map((one) => [one.type, one.service])), [types.data])
  const { squares, rows, regions } = useMemo(() => sorted(cells, services), [cells, services])
  return (
    <Card withBorder padding="sm">
      <Title order={2} size="h4" mb="xs">By service and region</Title>
      {cells.length === 0 ? <Empty title="No cell has ended yet" /> : (
        <div className="heat-scroll" tabIndex={0} role="region" aria-label="Cells by service and region">
          <table className="heat">
            <thead><tr><th scope="col">Service</th>{regions.map((region) => <th key={region} scope="col"><span>{region}</span></th>)}</tr></thead>
            <tbody>
              {rows.map((service) => (
                <tr key={service}>
                  <th scope="row">{service}</th>
                  {regions.map((region) => <SquareCell key={region} {...shown(squares.get(`${service}/${region}`), `${service} in ${region}`)} />)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Text size="xs" mt="xs">The number is of resources found. ✕: some of it was not seen. Dotted: nothing is there. Blank: not looked at, or not yet.</Text>
    </Card>
  )
}

function sorted(cells: Cell[], services: Map<string, string>) {
  const squares = new Map<string, Square>()
  const rows = new Set<string>()
  const regions = new Set<string>()
  for (const cell of cells) {
    const service = services.get(cell.resource_type) ?? cell.resource_type
    const key = `${service}/${cell.region}`
    const square = squares.get(key) ?? { resources: 0, failed: 0, outcomes: new Set() }
    square.resources += cell.resources
    if (cell.outcome !== 'ok' && cell.outcome !== 'empty') {
      square.failed += 1
      square.outcomes.add(cell.outcome)
    }
    squares.set(key, square)
    rows.add(service)
    regions.add(cell.region)
  }
  return { squares, rows: [...rows].sort(), regions: [...regions].sort() }
}

/** shown is what a square shows, and what it says to who points at it. */
function shown(square: Square | undefined, where: string) {
  if (!square) return {}
  const state = square.failed > 0 ? 'failed' : square.resources > 0 ? 'found' : 'empty'
  return {
    state,
    heat: state !== 'found' ? undefined : square.resources >= 50 ? 3 : square.resources >= 10 ? 2 : 1,
    says: `${where}: ${plural(square.resources, 'resource')}${square.failed > 0 ? `, ${plural(square.failed, 'cell')} not seen (${[...square.outcomes].join(', ')})` : ''}`,
    text: state === 'failed' ? '✕' : state === 'found' ? count(square.resources) : '·',
  }
}

/** SquareCell is drawn anew only where what it shows is another. */
const SquareCell = memo(function SquareCell({ state, heat, says, text }: ReturnType<typeof shown>) {
  return <td data-state={state} data-heat={heat} title={says}>{text}</td>
})
