import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Connect() {
  return <Stack gap="md"><Heading title="Connect an account" /></Stack>
}
