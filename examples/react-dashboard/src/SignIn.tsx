import { isOwnSite } from './service'

interface Props {
  /** Why the key that was typed before is not taken. */
  refused: string | undefined
  onKey: (key: string) => void
  loginURL: string
}

/** SignIn asks for a key, and where the API is on the page's own site leads to the issuer. */
export function SignIn({ refused, onKey, loginURL }: Props) {
  return (
    <main>
      <h1>Sign in</h1>
      {refused && <p role="alert" className="note bad">The key was refused: {refused}</p>}
      {isOwnSite && <p><a href={loginURL}>Sign in with your organisation</a></p>}
      <form action={(form) => onKey(String(form.get('key')))}>
        <label>API key <input name="key" type="password" required autoComplete="off" /></label>
        <button>Use this key</button>
        <p className="hint">The key stays in this page’s memory and is gone when you leave it.</p>
      </form>
    </main>
  )
}
