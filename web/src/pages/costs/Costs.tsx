import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Costs() {
  return <Stack gap="md"><Heading title="Costs" /></Stack>
}
