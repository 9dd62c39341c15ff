import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { CredentialFields, credentialsOf } from './CredentialFields'
import { ErrorNote } from './ErrorNote'
import { useTracker } from './tracker-context'

/** ScanForm starts a scan and goes to its page. */
export function ScanForm() {
  const tracker = useTracker()
  const navigate = useNavigate()
  const [error, setError] = useState<Error>()

  const start = async (form: FormData) => {
    const regions = String(form.get('regions')).split(/[\s,]+/).filter(Boolean)
    try {
      const { job_id } = await tracker.scan({ ...credentialsOf(form), ...(regions.length > 0 && { regions }) })
      await navigate({ to: '/scans/$jobId', params: { jobId: job_id }, search: { poll: form.get('poll') === 'on' || undefined } })
    } catch (cause) {
      setError(cause as Error)
    }
  }
  return (
    <>
      <h1>New scan</h1>
      {error && <ErrorNote error={error} />}
      <form action={start}>
        <CredentialFields />
        <label>Regions <input name="regions" placeholder="all that the account has enabled" autoComplete="off" /></label>
        <label className="inline"><input name="poll" type="checkbox" /> Ask for progress again and again, in place of a stream</label>
        <button>Scan</button>
      </form>
    </>
  )
}
