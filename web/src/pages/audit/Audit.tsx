import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Audit() {
  return <Stack gap="md"><Heading title="Audit" /></Stack>
}
