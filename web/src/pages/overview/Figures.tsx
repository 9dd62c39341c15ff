import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { count, money, plural, share, since } from '../../ui/format'
import { To } from '../../ui/To'
import { useCounted } from './findings'

/** Figures are the four numbers of the overview. Each leads to the list whose sum it is. */
export function Figures({ total, coverage }: { total: Schemas['Count']; coverage: Schemas['Coverage'] }) {
  const savings = useCounted()
  const sum = savings.data?.summary
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }}>
      <Figure name="Cost a month" value={money(total.estimated_monthly_total)} link={<To to="/inventory" search={{ sort: '-cost' }}>{plural(total.resources, 'resource')}</To>}>
        estimate at list prices{total.resources_with_unknown_cost > 0 && `, without ${count(total.resources_with_unknown_cost)} of unknown cost`}
      </Figure>
      <Figure name="Resources" value={count(total.resources)} link={<To to="/inventory">Show them</To>}>in {plural(coverage.cells, 'cell')} of account, region and type</Figure>
      <Figure
        name="Could be saved a month" value={sum ? money(sum.monthly_saving) : savings.isError ? 'not known' : '…'}
        link={<To to="/savings" search={{ counted: 'true' }}>{sum ? plural(sum.findings, 'finding') : 'Findings'}</To>}
      >
        {savings.isError ? savings.error.message : sum && sum.unpriced > 0 ? `without ${count(sum.unpriced)} that have no price` : 'open findings that count'}
      </Figure>
      <Figure name="Known now" value={share(coverage.share)} link={<To to="/scans">Scans</To>}>{count(coverage.good)} of {plural(coverage.cells, 'cell')}, oldest {since(coverage.oldest)}</Figure>
    </SimpleGrid>
  )
}

function Figure({ name, value, link, children }: { name: string; value: string; link: ReactNode; children: ReactNode }) {
  return (
    <Card withBorder padding="md">
      <Text size="sm">{name}</Text>
      <Text fz={26} fw={700} lh={1.3}>{value}</Text>
      <Text size="sm" component="div">{link}</Text>
      <Text size="sm">{children}</Text>
    </Card>
  )
}
