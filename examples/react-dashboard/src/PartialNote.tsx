import type { Job } from '@consolesensei/resource-tracker'

/** PartialNote says of a scan that did not see everything what it did not see. Nothing missing is shown as nothing there. */
export function PartialNote({ job }: { job: Job }) {
  if (job.complete) return null
  return (
    <section role="alert" className="note warn" aria-labelledby="partial">
      <h2 id="partial">This scan is {job.state}</h2>
      <p>{job.reason || 'What is listed below is not all that there is: some of it could not be read.'}</p>
      <ul>
        {job.errors.map((group) => (
          <li key={`${group.outcome}/${group.code}/${group.api}`}>
            {group.cells} × <code>{group.outcome}</code>, such as {group.example.resource_type} in {group.example.region}: {group.message}
          </li>
        ))}
      </ul>
    </section>
  )
}
