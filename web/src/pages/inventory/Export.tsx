import { Button, Menu } from '@mantine/core'
import { ofAccount, useAccount } from '../../api/account'
import { chosenColumns } from './columns'
import type { Selection } from './useInventory'

const tables = [{ format: 'csv', label: 'CSV' }, { format: 'csv-excel', label: 'CSV for spreadsheets' }]

/** Export downloads all that the page shows, scrolled to or not: by its filter, in its order, of its moment, with its columns. As JSON each resource is whole. */
export function Export({ selection: { filter, sort, at }, columns, moment }: { selection: Selection; columns?: string; moment?: string }) {
  const account = useAccount()
  const link = (format: string, chosen?: string) => {
    const members = Object.entries({ format, ...ofAccount(account), filter, sort, at: moment ?? at, columns: chosen })
    return `/api/v1/inventory?${new URLSearchParams(members.filter((one): one is [string, string] => one[1] !== undefined))}`
  }
  const shown = chosenColumns(columns).flatMap((column) => column.csv).join()
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target><Button variant="default" size="xs">Export</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--mantine-color-text)">All rows, the columns that are shown</Menu.Label>
        {tables.map(({ format, label }) => <Menu.Item key={format} component="a" href={link(format, shown)} download>{label}</Menu.Item>)}
        <Menu.Label c="var(--mantine-color-text)">All rows, every field</Menu.Label>
        <Menu.Item component="a" href={link('ndjson')} download>JSON, one resource a line</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
