import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Webhooks() {
  return <Stack gap="md"><Heading title="Webhooks" /></Stack>
}
