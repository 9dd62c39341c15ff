import type { PlanAnswer } from '@consolesensei/resource-tracker'
import { useEffect, useRef, useState } from 'react'
import { CredentialFields, credentialsOf } from './CredentialFields'
import { ErrorNote } from './ErrorNote'
import { money } from './money'
import { useTracker } from './tracker-context'

/** PlanDialog shows what a repair would do, resource by resource, before anything can be changed. */
export function PlanDialog({ jobId, rule, onClose }: { jobId: string; rule: string; onClose: () => void }) {
  const tracker = useTracker()
  const dialog = useRef<HTMLDialogElement>(null)
  const left = useRef(new AbortController())
  const [answer, setAnswer] = useState<PlanAnswer>()
  const [error, setError] = useState<Error>()
  useEffect(() => {
    const controller = left.current = new AbortController()
    dialog.current?.showModal()
    return () => controller.abort()
  }, [])

  const attempt = async (work: (signal: AbortSignal) => Promise<PlanAnswer>) => {
    const { signal } = left.current
    setError(undefined)
    try {
      const begun = await work(signal)
      setAnswer(await tracker.waitForPlan(begun.plan.plan_id, { signal, onLook: setAnswer }))
    } catch (cause) {
      if (!signal.aborted) setError(cause as Error)
    }
  }
  const look = (form: FormData) => attempt((signal) => tracker.jobs.planFindings(jobId, rule, credentialsOf(form), { signal }))
  const apply = () => attempt((signal) => tracker.plans.apply(answer!.plan, {}, { signal }))

  return (
    <dialog ref={dialog} aria-labelledby="plan" onClose={onClose}>
      <h2 id="plan">Repair of {rule}</h2>
      {error && <ErrorNote error={error} />}
      {answer ? <Looked answer={answer} onApply={apply} /> : (
        <form action={look}>
          <p>The server looks at each resource as it is now. Nothing is changed.</p>
          <CredentialFields />
          <button>Dry run</button>
        </form>
      )}
      <button type="button" onClick={() => dialog.current?.close()}>Close</button>
    </dialog>
  )
}

/** Looked shows a plan and its first hundred items. Only a plan that was looked at can be applied. */
function Looked({ answer: { plan, items }, onApply }: { answer: PlanAnswer; onApply: () => void }) {
  const [read, setRead] = useState(false)
  const waits = plan.approval.required && !plan.approval.by
  return (
    <>
      <p role="status">
        <strong>{plan.state}</strong>: {plan.totals.items} changes, {money(plan.totals.monthly_saving)} a month. {plan.reason}
      </p>
      <ul className="items">
        {items.map((item) => (
          <li key={item.index}>
            {item.action} {item.resource_name ?? item.resource_id} in {item.region}: {item.would}{' '}
            {item.refusals.map((refusal) => <span key={refusal.rule} className="bad">Refused: {refusal.message} </span>)}
            <em>{item.ledger.item_state}</em> {item.ledger.message}
          </li>
        ))}
      </ul>
      {plan.totals.items > items.length && <p>And {plan.totals.items - items.length} more.</p>}
      {plan.state === 'planned' && waits && <p>The plan waits for somebody else’s approval.</p>}
      {plan.state === 'planned' && !waits && (
        <form action={onApply}>
          <label className="inline"><input type="checkbox" checked={read} onChange={(e) => setRead(e.target.checked)} /> I have read what will be changed</label>
          <button disabled={!read}>Change {plan.totals.items} resources</button>
        </form>
      )}
    </>
  )
}
