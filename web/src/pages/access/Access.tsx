import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Access() {
  return <Stack gap="md"><Heading title="Access" /></Stack>
}
