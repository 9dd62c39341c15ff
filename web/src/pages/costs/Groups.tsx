import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, SimpleGrid, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { AsTable } from '../../ui/AsTable'
import { Bars, BarsLegend } from '../../ui/Bars'
import { count, money, plural } from '../../ui/format'
import { To } from '../../ui/To'
import { Treemap } from '../../ui/Treemap'
import { conditionOf, nameOfDimension, nameOfKey, type Part, partsOf, type TypesOf, within } from './dimension'

/** A treemap of more boxes shows only dust. */
const boxes = 400
const bars = 15

interface GroupsProps { data: Schemas['GroupsAnswer']; dimensions: string[]; filter?: string; typesOf: TypesOf }

/** Groups is the cost by one dimension as bars, by two as a map, and all of it as a table. Each figure leads to the list whose sum it is. */
export function Groups({ data, dimensions, filter, typesOf }: GroupsProps) {
  const navigate = useNavigate()
  const parts = useMemo(() => partsOf(data.groups, dimensions.length), [data, dimensions.length])
  const firsts = useMemo(() => partsOf(data.groups.map((group) => ({ ...group, keys: [group.keys[0]!, group.keys.at(-1)!] })), 1), [data])
  const filterOf = (part: Part) => within(filter, ...part.keys.map((key, index) => conditionOf(dimensions[index]!, key, typesOf)))
  const names = (part: Part) => part.keys.map((key, index) => nameOfKey(dimensions[index]!, key))
  const title = `Cost by ${dimensions.map(nameOfDimension).join(' and ')}`
  const drawn = parts.filter((part) => part.total > 0).slice(0, boxes)
  const unknown = parts.filter((part) => part.unknown > 0)
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">{title}</Title>
      <SimpleGrid cols={{ base: 1, lg: dimensions.length > 1 ? 2 : 1 }} spacing="xl">
        <div>
          <Bars
            label={`Cost by ${nameOfDimension(dimensions[0]!)}`}
            bars={firsts.slice(0, bars).map((part) => ({
              key: JSON.stringify(part.keys), value: part.total, apart: part.otherRegion, unknown: part.unknown,
              name: <To to="/inventory" search={{ filter: filterOf(part), sort: '-cost' }}>{names(part)[0]}</To>,
              note: part.unknown > 0 && <To to="/inventory" search={{ filter: within(filterOf(part), 'cost:unknown') }}>+ {count(part.unknown)} unknown</To>,
            }))}
          />
          {firsts.length > bars && <Text size="sm" mt="xs">{plural(firsts.length - bars, 'more is', 'more are')} in the table.</Text>}
          <BarsLegend />
        </div>
        {dimensions.length > 1 && (
          <Treemap
            label={title} height={340} onPick={(leaf) => void navigate({ to: '/inventory', search: { filter: leaf.filter, sort: '-cost' } })}
            leaves={drawn.map((part) => ({ group: names(part)[0]!, key: names(part)[1]!, cost: part.total, apart: part.otherRegion, resources: part.resources, filter: filterOf(part) }))}
          />
        )}
      </SimpleGrid>
      {unknown.length > 0 && <Text size="sm" mt="xs">Of {plural(unknown.length, 'group')} a part has no known cost: no box and no bar has it, and the table names it.</Text>}
      {parts.length > boxes && <Text size="sm">The map shows the {count(boxes)} dearest groups, the table all.</Text>}
      {data.other && <Text size="sm" fw={600}>{plural(data.other.resources, 'resource')} more, {money(data.other.estimated_monthly_total)} a month, are in groups beyond those that are listed.</Text>}
      <AsTable label={title} miw={720} stickyHeader>
        {() => (
          <>
            <thead>
              <tr>
                {dimensions.map((dimension) => <th key={dimension}>{nameOfDimension(dimension)}</th>)}
                {['Resources', 'List price', 'Price of another region', 'Unknown', 'Cost a month'].map((name) => <th key={name} className="number">{name}</th>)}
              </tr>
            </thead>
            <tbody>
              {parts.slice(0, 1_000).map((part) => (
                <tr key={JSON.stringify(part.keys)}>
                  {names(part).map((name, index) => <td key={index}>{name}</td>)}
                  <td className="number">{count(part.resources)}</td>
                  <td className="number">{money(part.total - part.otherRegion)}</td>
                  <td className="number">{part.otherRegion > 0 ? money(part.otherRegion) : 'none'}</td>
                  <td className="number">{part.unknown > 0 ? <To to="/inventory" search={{ filter: within(filterOf(part), 'cost:unknown') }}>{plural(part.unknown, 'resource')}</To> : 'none'}</td>
                  <td className="number"><To to="/inventory" search={{ filter: filterOf(part), sort: '-cost' }}>{part.unknown === part.resources ? 'not known' : money(part.total)}</To></td>
                </tr>
              ))}
            </tbody>
          </>
        )}
      </AsTable>
    </Card>
  )
}
