import { Progress, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { count, money, plural, words } from '../../ui/format'
import { Asked } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { narrowOf, type Search, within } from './search'

/** Groups is what could be saved by rule, account or owner. Each group leads to the list whose sum it is. */
export function Groups({ search, by }: { search: Search; by: string }) {
  const sums = useQuery({
    queryKey: ['findings', 'sums', by, search],
    queryFn: ({ signal }) => tracker.liveFindings.sums(by, narrowOf(search), { signal }),
  })
  const name = by.startsWith('tag:') ? by.slice(4) : by
  return (
    <Asked query={sums} what="the sums" height={160}>
      {({ groups = [], summary }) => groups.length > 0 && (
        <Frame name={`Sums by ${name}`} width={560}>
          <Table verticalSpacing={4}>
            <thead>
              <tr>
                <th>{words(name)}</th><th className="number">Findings</th><th className="number">Not confirmed</th>
                <th className="number">Saves a month</th><th style={{ width: '25%' }}>Share</th>
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => {
                const inside = within(search, by, group.key)
                const share = summary.monthly_saving > 0 ? (100 * group.monthly_saving) / summary.monthly_saving : 0
                return (
                  <tr key={group.key}>
                    <td>{inside ? <To to="/savings" search={inside} size="sm">{by.startsWith('tag:') ? group.key : words(group.key)}</To> : <Text size="sm">{group.key === '' ? `without ${name}` : group.key}</Text>}</td>
                    <td className="number">{count(group.findings)}</td>
                    <td className="number">{count(group.unconfirmed)}</td>
                    <td className="number">{money(group.monthly_saving)}{group.unpriced > 0 && <Text size="xs">+ {count(group.unpriced)} without a price</Text>}</td>
                    <td><Progress value={share} color="indigo.6" aria-hidden="true" /></td>
                  </tr>
                )
              })}
            </tbody>
          </Table>
          {groups.length >= 1000 && <Text size="sm">{plural(groups.length, 'group')} are shown, those that save most. There may be more.</Text>}
        </Frame>
      )}
    </Asked>
  )
}
