import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Operations() {
  return <Stack gap="md"><Heading title="Operations" /></Stack>
}
