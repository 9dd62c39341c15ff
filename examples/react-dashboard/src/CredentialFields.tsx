import type { Credentials } from '@consolesensei/resource-tracker'

/**
 * CredentialFields asks for a registered account or for keys. No state holds what is typed: a form's action reads it once,
 * sends it, and React empties the form after it.
 */
export function CredentialFields() {
  return (
    <fieldset>
      <legend>AWS account</legend>
      <label>Registered account <input name="account" autoComplete="off" /></label>
      <p className="hint">Or access keys. They are sent once, sealed by the server, and kept nowhere in this page.</p>
      <label>Access key ID <input name="access_key_id" autoComplete="off" spellCheck={false} /></label>
      <label>Secret access key <input name="secret_access_key" type="password" autoComplete="off" /></label>
      <label>Session token <input name="session_token" type="password" autoComplete="off" /></label>
    </fieldset>
  )
}

/** credentialsOf reads the fields of a form that was sent. */
export function credentialsOf(form: FormData): Credentials {
  const names = ['account', 'access_key_id', 'secret_access_key', 'session_token'] as const
  return Object.fromEntries(names.map((name) => [name, String(form.get(name) ?? '').trim()]).filter(([, value]) => value !== ''))
}
