import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Schedules() {
  return <Stack gap="md"><Heading title="Schedules" /></Stack>
}
