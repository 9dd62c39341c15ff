import type { Credentials as Given } from '@consolesensei/resource-tracker'
import { PasswordInput, Stack, TextInput } from '@mantine/core'
import type { RefObject } from 'react'

const names = ['access_key_id', 'secret_access_key', 'session_token', 'role_arn', 'external_id'] as const

/**
 * takeKeys reads the keys that were typed into a form, and empties their fields. They are in the fields and in the call, and nowhere else: in no state of a
 * component, no cache of queries and no address.
 */
export function takeKeys(form: RefObject<HTMLFormElement | null>): Given {
  const given: Given = {}
  for (const name of names) {
    const field = form.current?.elements.namedItem(name)
    if (!(field instanceof HTMLInputElement)) continue
    const value = field.value.trim()
    if (value !== '') given[name] = value
    field.value = ''
  }
  return given
}

/** Keys are the fields of keys to AWS. The form that they stand in reads them with takeKeys. */
export function Keys() {
  return (
    <Stack gap="sm">
      <TextInput name="access_key_id" label="Access key ID" autoComplete="off" spellCheck={false} required />
      <PasswordInput name="secret_access_key" label="Secret access key" autoComplete="off" required visibilityToggleButtonProps={{ 'aria-label': 'Show the secret access key', tabIndex: 0 }} />
      <PasswordInput name="session_token" label="Session token" description="Of temporary keys" autoComplete="off" visibilityToggleButtonProps={{ 'aria-label': 'Show the session token', tabIndex: 0 }} />
      <details>
        <summary>Assume a role with the keys</summary>
        <Stack gap="sm" mt="xs">
          <TextInput name="role_arn" label="Role ARN" placeholder="arn:aws:iam::111122223333:role/audit" autoComplete="off" spellCheck={false} />
          <TextInput name="external_id" label="External ID" autoComplete="off" spellCheck={false} />
        </Stack>
      </details>
    </Stack>
  )
}
