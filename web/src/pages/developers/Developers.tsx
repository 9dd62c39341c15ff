import { Anchor, Grid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Asked, Heading } from '../../ui/States'
import { fetchDocument } from './document'
import { Example } from './Example'
import { OperationList } from './OperationList'
import { languages } from './snippets'

/** Developers is every operation of the API with an example of it, as a program that can be copied. */
export default function Developers() {
  const search = useSearch({ from: '/shell/developers' })
  const navigate = useNavigate({ from: '/developers' })
  const document = useQuery({ queryKey: ['document'], queryFn: ({ signal }) => fetchDocument(signal), staleTime: Infinity })
  const language = languages.find((one) => one.value === search.language)?.value ?? 'curl'
  return (
    <Stack gap="md">
      <Heading title="API">
        <Anchor href="/api/v1/docs" underline="always">Try it out</Anchor>
        <Anchor href="/api/v1/openapi.json" underline="always">OpenAPI document</Anchor>
      </Heading>
      <Text size="sm">
        The console does nothing that a program cannot do. Examples take the key from the environment as TRACKER_API_KEY: make one for each program
        at Access. IDs that begin with 0199c0de stand for one of your own.
      </Text>
      <Asked query={document} what="the document" height={480}>
        {(groups) => {
          const all = groups.flatMap((group) => group.operations)
          const chosen = all.find((one) => one.id === search.operation) ?? all[0]
          return (
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, md: 5 }}><OperationList groups={groups} chosen={chosen?.id} language={search.language} /></Grid.Col>
              <Grid.Col span={{ base: 12, md: 7 }}>
                {chosen && <Example operation={chosen} language={language} onLanguage={(next) => void navigate({ search: (now) => ({ ...now, language: next }) })} />}
              </Grid.Col>
            </Grid>
          )
        }}
      </Asked>
    </Stack>
  )
}
