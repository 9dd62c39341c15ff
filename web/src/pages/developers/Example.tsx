import { Button, Code, CopyButton, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { Table } from '../../ui/Table'
import type { Described } from './document'
import { type Language, languages, snippet } from './snippets'

interface ExampleProps { operation: Described; language: Language; onLanguage: (language: Language) => void }

/** Example is what an operation does, what it needs, and a program that asks it. */
export function Example({ operation, language, onLanguage }: ExampleProps) {
  const program = snippet(operation, language, location.origin)
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">{operation.summary}</Title>
      <Text className="mono">{operation.method} {operation.path}</Text>
      <Text size="sm">{operation.permission ? <>Needs the permission <strong>{operation.permission}</strong>.</> : 'Open to everybody: it needs no key.'}</Text>
      {operation.description && <Text size="sm">{operation.description}</Text>}
      <Group justify="space-between" gap="xs">
        <SegmentedControl aria-label="Language" data={[...languages]} value={language} onChange={(value) => onLanguage(value as Language)} />
        <CopyButton value={program}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
      </Group>
      <Code block tabIndex={0} role="region" aria-label={`Example in ${languages.find((one) => one.value === language)!.label}`} className="example">{program}</Code>
      {operation.parameters.length > 0 && (
        <details>
          <summary>Parameters</summary>
          <Frame name="Parameters" width={420}>
            <Table verticalSpacing={4}>
              <thead><tr><th>Name</th><th>In</th><th>What it is</th></tr></thead>
              <tbody>
                {operation.parameters.map((one) => <tr key={`${one.in}/${one.name}`}><td className="mono">{one.name}{one.required && ', needed'}</td><td>{one.in}</td><td>{one.description}</td></tr>)}
              </tbody>
            </Table>
          </Frame>
        </details>
      )}
    </Stack>
  )
}
