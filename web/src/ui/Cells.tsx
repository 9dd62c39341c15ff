import { Folded } from './Folded'
import { Frame } from './Frame'
import { plural, words } from './format'
import { Table } from './Table'

interface Cell { account_id: string; region: string; resource_type: string; why: string; when?: string }

/** Cells is the list of cells behind a figure that lacks them, folded away until it is asked for. */
export function Cells({ cells, more = 0, label = 'Which cells, and why' }: { cells: Cell[]; more?: number; label?: string }) {
  return (
    <Folded summary={label}>
      {() => (
        <>
          <Frame name={label} width={480}>
            <Table withRowBorders={false} verticalSpacing={2}>
              <thead>
                <tr><th>Account</th><th>Region</th><th>Type</th><th>Why</th></tr>
              </thead>
              <tbody>
                {cells.map((cell) => (
                  <tr key={`${cell.account_id}/${cell.region}/${cell.resource_type}`}>
                    <td>{cell.account_id}</td>
                    <td>{cell.region}</td>
                    <td>{words(cell.resource_type)}</td>
                    <td>{words(cell.why)}{cell.when && `, ${cell.when}`}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Frame>
          {more > 0 && <p>and {plural(more, 'more', 'more')}</p>}
        </>
      )}
    </Folded>
  )
}
