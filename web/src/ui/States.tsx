import { TrackerError } from '@consolesensei/resource-tracker'
import { Alert, Button, Code, Group, List, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Icon } from './Icon'

/** Loading stands for what is asked for and not there yet. */
export function Loading({ what, height = 120 }: { what: string; height?: number }) {
  return (
    <div role="status">
      <VisuallyHidden>Loading {what}</VisuallyHidden>
      <Skeleton height={height} />
    </div>
  )
}

/** Failed says what the server answered, and how to ask again. */
export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const problem = error instanceof TrackerError ? error : undefined
  return (
    <Alert color="red" variant="outline" icon={<Icon name="alert" />} title={problem ? 'The server refused this' : 'No answer'} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
        {problem && problem.errors.length > 0 && (
          <List size="sm">
            {problem.errors.map((field) => <List.Item key={field.location}><Code>{field.location}</Code> {field.message}</List.Item>)}
          </List>
        )}
        {problem?.requestId && <Text size="sm">Request <Code>{problem.requestId}</Code></Text>}
        {again && <Button size="xs" variant="default" onClick={again}>Try again</Button>}
      </Stack>
    </Alert>
  )
}

/** Empty says that there is nothing, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl">
      <Text fw={600}>{title}</Text>
      <Text size="sm" component="div" ta="center">{children}</Text>
    </Stack>
  )
}

/** Asked shows a query's answer, or how it stands with it. */
export function Asked<T>({ query, what, height, children }: { query: UseQueryResult<T>; what: string; height?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
        {children(query.data)}
      </>
    )
  }
  if (query.isError) return <Failed error={query.error} again={() => void query.refetch()} />
  return <Loading what={what} height={height} />
}

/** Heading is the title of a page, with what it offers beside it. */
export function Heading({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Group justify="space-between" gap="sm">
      <Title order={1} size="h2">{title}</Title>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  )
}
