import { Stack } from '@mantine/core'
import { Heading } from '../../ui/States'

export default function Budgets() {
  return <Stack gap="md"><Heading title="Budgets" /></Stack>
}
