import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Diff() {
  return <Stack gap="md"><Heading title="Changes" /></Stack>
}
