import { Button, Menu } from '@mantine/core'
import { ofAccount, useAccount } from '../../api/account'
import type { Selection } from './useInventory'

const formats = [
  { format: 'csv', label: 'CSV' }, { format: 'csv-excel', label: 'CSV for spreadsheets' }, { format: 'ndjson', label: 'JSON, one resource a line' },
]

/** Export downloads all that the page shows, scrolled to or not: by its filter, in its order, of its moment. The server writes all fields of each. */
export function Export({ selection: { filter, sort, at }, moment }: { selection: Selection; moment?: string }) {
  const account = useAccount()
  const query = (format: string) => new URLSearchParams(Object.entries({ format, ...ofAccount(account), filter, sort, at: moment ?? at }).filter((one): one is [string, string] => one[1] !== undefined))
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target><Button variant="default" size="xs">Export</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--mantine-color-text)">All rows, every field</Menu.Label>
        {formats.map(({ format, label }) => <Menu.Item key={format} component="a" href={`/api/v1/inventory?${query(format)}`} download>{label}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  )
}
