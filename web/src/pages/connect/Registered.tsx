import { hasEnded } from '@consolesensei/resource-tracker'
import { Card, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useAccounts } from '../../api/account'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { count, plural, since } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'

// So many of the newest jobs are looked through, and so many of the checks among them are read.
const looked = 100
const read = 12

/** Registered lists the accounts that the server knows, with what the last check and the last scan of each have seen. */
export function Registered() {
  const mayScan = useMay('scan')
  const accounts = useAccounts()
  const last = useQuery({ queryKey: ['last-looks'], queryFn: ({ signal }) => lastLooks(signal) })
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">Registered accounts</Title>
      <Asked query={accounts} what="the accounts" height={120}>
        {(list) => list.length === 0 ? <Empty title="No account is registered">Scans by keys and by the server's identity need no registration. Schedules and plans work best with one.</Empty> : (
          <Frame name="Registered accounts" width={640}>
            <Table>
              <thead><tr><th>Name</th><th>Account</th><th>Regions</th><th>Last check</th><th>Last scan</th></tr></thead>
              <tbody>
                {list.map((one) => {
                  const check = last.data?.checks.get(one.account_id)
                  const scan = last.data?.scans.get(one.account_id)
                  return (
                    <tr key={one.name}>
                      <td>{mayScan ? <To to="/connect" search={{ way: 'role', registered: one.name }}>{one.name}</To> : one.name}{one.description && <Text size="xs">{one.description}</Text>}</td>
                      <td>{one.account_id}</td>
                      <td>{one.regions?.join(', ') || 'all enabled'}</td>
                      <td>{check ? <><To to="/scans/$id" params={{ id: check.id }}>{since(check.at)}</To><Text size="xs">{check.missing === 0 ? 'nothing missing' : `${plural(check.missing, 'cell')} of ${count(check.total)} not seen`}</Text></> : last.isPending ? '' : 'none of late'}</td>
                      <td>{scan ? <To to="/scans/$id" params={{ id: scan.id }}>{since(scan.at)}</To> : last.isPending ? '' : 'none of late'}</td>
                    </tr>
                  )
                })}
              </tbody>
            </Table>
            <Text size="xs" mt="xs">Among the {looked} newest scans and checks. A scan counts here where it found something in the account.</Text>
          </Frame>
        )}
      </Asked>
    </Card>
  )
}

/** lastLooks are the newest check and the newest scan of each account, of what is kept of late. A check that AWS refused is of no account. */
async function lastLooks(signal: AbortSignal) {
  const { jobs } = await tracker.jobs.page({ limit: looked }, { signal })
  const ended = jobs.filter((job) => hasEnded(job.state))
  const reports = await Promise.all(ended.filter((job) => job.kind === 'access_check').slice(0, read).map(async (job) => ({
    job, report: await tracker.accessReport(job.job_id, { signal }).catch(() => undefined),
  })))
  const checks = new Map<string, { id: string; at: string | null; missing: number; total: number }>()
  for (const { job, report } of reports) {
    const id = report?.account_id
    if (report && id && !checks.has(id)) checks.set(id, { id: job.job_id, at: job.finished_at, missing: report.would_be_denied.length + report.would_fail.length, total: report.cells_total })
  }
  const scans = new Map<string, { id: string; at: string | null }>()
  for (const job of ended) {
    if (job.kind === 'scan') for (const id of Object.keys(job.cost_summary.by_account)) if (!scans.has(id)) scans.set(id, { id: job.job_id, at: job.finished_at })
  }
  return { checks, scans }
}
