import { Stack, Table, Text } from '@mantine/core'
import { useWho } from '../../api/session'
import { Frame } from '../../ui/Frame'
import { roles } from './roles-in-words'

/** Roles says what each role may do, and which you have. */
export function Roles() {
  const mine = new Set(useWho()?.grants.map((grant) => grant.role))
  return (
    <Stack gap="md">
      <Text size="sm">A key and a person have roles. Of a grant, all bounds have to hold; of several grants, one is enough. The server decides about each request.</Text>
      <Frame name="Roles" width={640}>
        <Table>
          <Table.Thead><Table.Tr><Table.Th>Role</Table.Th><Table.Th>May</Table.Th><Table.Th>May not</Table.Th><Table.Th>Narrowed</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {roles.map((one) => (
              <Table.Tr key={one.role}>
                <Table.Th scope="row">{one.role}{mine.has(one.role) && <Text size="xs">yours</Text>}</Table.Th>
                <Table.Td>{one.may}</Table.Td><Table.Td>{one.mayNot}</Table.Td><Table.Td>{one.narrowed}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Frame>
    </Stack>
  )
}
