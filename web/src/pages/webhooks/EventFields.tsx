import { Checkbox, Fieldset, Stack, Text } from '@mantine/core'
import { kinds } from './events'

/** EventFields choose events: one by one, all of a kind, or all that there are and will be. */
export function EventFields({ events, onChange, error }: { events: string[]; onChange: (events: string[]) => void; error?: string }) {
  const has = (type: string) => events.includes(type)
  const put = (type: string, is: boolean) => onChange(is ? [...events, type] : events.filter((one) => one !== type))
  return (
    <Fieldset legend="Events">
      <Stack gap="xs">
        {error && <Text size="sm" fw={600} role="alert">{error}</Text>}
        <Checkbox label="Every event, and those that will be added" checked={has('*')} onChange={(event) => put('*', event.currentTarget.checked)} />
        {!has('*') && kinds.map(({ kind, says, events: own }) => (
          <div key={kind} role="group" aria-label={says}>
            <Text size="sm" fw={600} mt={4}>{says}</Text>
            <Stack gap={6} mt={4}>
              {own.length > 1 && <Checkbox label={<>All of them (<code>{kind}.*</code>)</>} checked={has(`${kind}.*`)} onChange={(event) => put(`${kind}.*`, event.currentTarget.checked)} />}
              {!has(`${kind}.*`) && own.map(([type, when]) => (
                <Checkbox key={type} label={<><code>{type}</code> {when}</>} checked={has(type)} onChange={(event) => put(type, event.currentTarget.checked)} />
              ))}
            </Stack>
          </div>
        ))}
      </Stack>
    </Fieldset>
  )
}
