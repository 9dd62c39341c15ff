import { useState } from 'react'
import { useAWSResources } from '../hooks/use-aws-resources'

const shownRows = 50

export function AWSResourcesDashboard() {
  const aws = useAWSResources()
  const [accessKey, setAccessKey] = useState('')
  const [secretKey, setSecretKey] = useState('')
  const [type, setType] = useState('')
  const [state, setState] = useState('')
  const [notice, setNotice] = useState('')

  const run = async (action: 'stop' | 'delete') => {
    const result = await aws.performBulkAction(action)
    if (result) {
      setNotice(`${result.successful} of ${result.total_actions} ${action} actions succeeded, ${result.failed} failed`)
      aws.clearSelection()
    }
  }

  const states = aws.scanResult?.summary.by_state ?? {}
  return (
    <main>
      <h1>AWS Resources</h1>
      <label>Access Key ID<input value={accessKey} onChange={(e) => setAccessKey(e.target.value)} /></label>
      <label>Secret Access Key<input type="password" value={secretKey} onChange={(e) => setSecretKey(e.target.value)} /></label>
      <button onClick={() => aws.setCredentials({ accessKeyId: accessKey, secretAccessKey: secretKey })}>Connect</button>
      <button disabled={!aws.credentials || aws.isScanning} onClick={() => void aws.scan()}>{aws.isScanning ? 'Scanning...' : 'Scan Resources'}</button>
      {aws.error && <p role="alert">{aws.error}</p>}
      {notice && <p role="status">{notice}</p>}
      {aws.scanResult && (
        <>
          <dl>
            <dt>Resources</dt><dd data-testid="count">{aws.getResourceCount()}</dd>
            <dt>Monthly cost</dt><dd data-testid="cost">${aws.getTotalCost().toFixed(2)}</dd>
            <dt>Regions</dt><dd data-testid="regions">{aws.getRegionCount()}</dd>
            <dt>Savings</dt><dd data-testid="savings">${aws.getSavingsOpportunities()?.totalMonthly.toFixed(2)}</dd>
          </dl>
          <label>
            Type
            <select value={type} onChange={(e) => setType(e.target.value)}>
              <option value="">All</option>
              {Object.entries(aws.getResourcesByType()).map(([name, n]) => <option key={name} value={name}>{name} ({n})</option>)}
            </select>
          </label>
          <label>
            State
            <select value={state} onChange={(e) => setState(e.target.value)}>
              <option value="">All</option>
              {Object.keys(states).map((name) => <option key={name} value={name}>{name}</option>)}
            </select>
          </label>
          <button onClick={() => void aws.filter({ resource_type: type || undefined, state: state || undefined })}>Apply Filters</button>
          <button onClick={aws.clearFilters}>Clear Filters</button>
          <button onClick={() => aws.selectResources(aws.filteredResources.map((r) => r.resource_id))}>Select All</button>
          <button disabled={aws.selectedResources.size === 0} onClick={() => void run('stop')}>Stop</button>
          <button disabled={aws.selectedResources.size === 0} onClick={() => void run('delete')}>Delete</button>
          <table>
            <tbody>
              {aws.filteredResources.slice(0, shownRows).map((r) => (
                <tr key={r.resource_id}>
                  <td><input type="checkbox" aria-label={r.resource_id} checked={aws.selectedResources.has(r.resource_id)} onChange={() => aws.toggleResourceSelection(r.resource_id)} /></td>
                  <td>{r.resource_name || r.resource_id}</td>
                  <td>{r.resource_type}</td>
                  <td>{r.region}</td>
                  <td>{r.state}</td>
                  <td>{r.estimated_cost_monthly === null ? '-' : `$${r.estimated_cost_monthly.toFixed(2)}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </main>
  )
}
