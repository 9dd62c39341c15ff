import { act, cleanup, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { AWSResourcesDashboard } from './components/aws-resources-dashboard'
import { useAWSResources } from './hooks/use-aws-resources'

afterEach(cleanup)

const patience = { timeout: 60_000 }

describe('useAWSResources', () => {
  it('scans, filters, selects and acts', async () => {
    const { result } = renderHook(() => useAWSResources())
    await act(() => result.current.scan())
    expect(result.current.error).toBe('AWS credentials not set')

    act(() => result.current.setCredentials({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' }))
    await act(() => result.current.scan())
    expect(result.current.error).toBe(null)
    expect(result.current.getResourceCount()).toBe(result.current.filteredResources.length)
    expect(result.current.getTotalCost()).toBeGreaterThan(0)
    expect(result.current.getRegionCount()).toBeGreaterThan(10)

    await act(() => result.current.filter({ resource_type: 'Elastic_IP', state: 'unassociated' }))
    const addresses = result.current.filteredResources
    expect(addresses.length).toBe(result.current.scanResult!.resources.filter((r) => r.state === 'unassociated').length)
    act(() => result.current.toggleResourceSelection(addresses[0].resource_id))
    expect(result.current.selectedResources.size).toBe(1)
    const done = await act(() => result.current.performBulkAction('delete'))
    expect(done).toMatchObject({ success: true, total_actions: 1, successful: 1, failed: 0 })

    // Whatever the rules forbid stays as it is, and the hook says why.
    const refused = await act(() => result.current.performAction('i-00000000000000000', 'EC2_Instance', 'us-east-1', 'stop'))
    expect(refused).toBe(null)
    expect(result.current.error).toBeTruthy()
    act(() => result.current.clearFilters())
    expect(result.current.filteredResources.length).toBe(result.current.getResourceCount())
  })
})

describe('AWSResourcesDashboard', () => {
  it('connects, scans, filters, selects all and stops them', async () => {
    render(<AWSResourcesDashboard />)
    fireEvent.change(screen.getByLabelText('Access Key ID'), { target: { value: 'AKIAEXAMPLE' } })
    fireEvent.change(screen.getByLabelText('Secret Access Key'), { target: { value: 'example' } })
    fireEvent.click(screen.getByText('Connect'))
    fireEvent.click(screen.getByText('Scan Resources'))
    expect(screen.getByText('Scanning...')).toBeTruthy()

    await waitFor(() => expect(Number(screen.getByTestId('count').textContent)).toBeGreaterThan(300), patience)
    expect(screen.getByTestId('cost').textContent).toMatch(/^\$\d{4,}\.\d\d$/)
    expect(screen.getAllByRole('checkbox')).toHaveLength(50)

    fireEvent.change(screen.getByLabelText('Type'), { target: { value: 'RDS_Instance' } })
    fireEvent.change(screen.getByLabelText('State'), { target: { value: 'available' } })
    fireEvent.click(screen.getByText('Apply Filters'))
    await waitFor(() => expect(screen.getAllByRole('checkbox').length).toBeLessThan(50), patience)
    const rows = screen.getAllByRole('checkbox').length
    fireEvent.click(screen.getByText('Select All'))
    fireEvent.click(screen.getByText('Stop'))
    // Databases that are guarded are refused one by one; the others stop.
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(new RegExp(`^\\d of ${rows} stop actions succeeded, \\d failed$`)), patience)
    expect(screen.queryByRole('alert')).toBe(null)
  })
})
