import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Developers() {
  return <Stack gap="md"><Heading title="API" /></Stack>
}
