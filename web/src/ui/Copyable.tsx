import { Button, CopyButton, Group, Text } from '@mantine/core'

/** Copyable is a text that is meant to be taken elsewhere: whole, readable, and copied at a click. */
export function Copyable({ name, text, file }: { name: string; text: string; file?: string }) {
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={600}>{name}</Text>
        <Group gap="xs">
          <CopyButton value={text}>{({ copied, copy }) => <Button size="compact-xs" variant="default" onClick={copy} aria-live="polite">{copied ? 'Copied' : `Copy ${lower(name)}`}</Button>}</CopyButton>
          {file && <Button size="compact-xs" variant="default" component="a" download={file} href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}>Download</Button>}
        </Group>
      </Group>
      <pre className="copyable" tabIndex={0} role="region" aria-label={name}>{text}</pre>
    </div>
  )
}

const lower = (name: string): string => (/^[A-Z][a-z]/.test(name) ? name[0]!.toLowerCase() + name.slice(1) : name)
