import { Stack, Text } from '@mantine/core'
import { useWho } from '../../api/session'
import { Frame } from '../../ui/Frame'
import { Table } from '../../ui/Table'
import { roles } from './roles-in-words'

/** Roles says what each role may do, and which you have. */
export function Roles() {
  const mine = new Set(useWho()?.grants.map((grant) => grant.role))
  return (
    <Stack gap="md">
      <Text size="sm">A key and a person have roles. Of a grant, all bounds have to hold; of several grants, one is enough. The server decides about each request.</Text>
      <Frame name="Roles" width={640}>
        <Table>
          <thead><tr><th>Role</th><th>May</th><th>May not</th><th>Narrowed</th></tr></thead>
          <tbody>
            {roles.map((one) => (
              <tr key={one.role}>
                <th scope="row">{one.role}{mine.has(one.role) && <Text size="xs">yours</Text>}</th>
                <td>{one.may}</td><td>{one.mayNot}</td><td>{one.narrowed}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Frame>
    </Stack>
  )
}
