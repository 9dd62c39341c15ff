import { Anchor, Container, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'

export function NotFound() {
  return (
    <Container component="main" py="xl">
      <Stack gap="xs">
        <Title order={1} size="h2">There is no such page</Title>
        <Text>The address names none of the console's pages. <Anchor component={Link} to="/" underline="always">Go to the overview</Anchor></Text>
      </Stack>
    </Container>
  )
}
