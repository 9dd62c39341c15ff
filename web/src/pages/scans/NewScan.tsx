import { Button, Modal, MultiSelect, Select, Stack, Switch, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useAccounts } from '../../api/account'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Failed } from '../../ui/States'

/** NewScan starts a scan of a registered account, or of the one that the server's own identity is of. */
export function NewScan() {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button onClick={open}>New scan</Button>
      <Modal opened={opened} onClose={close} title="New scan" closeButtonProps={{ 'aria-label': 'Close' }}>{opened && <Form />}</Modal>
    </>
  )
}

function Form() {
  const navigate = useNavigate()
  const [account, setAccount] = useState<string | null>(null)
  const [services, setServices] = useState<string[]>([])
  const [metrics, setMetrics] = useState(false)
  const accounts = useAccounts()
  const types = useQuery({ queryKey: ['types'], queryFn: ({ signal }) => tracker.types({ signal }), staleTime: Infinity })
  const start = useMutation({
    mutationFn: () => tracker.scan({ ...(account && { account }), ...(services.length > 0 && { services }), ...(metrics && { metrics }) }),
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ['jobs'] })
      void queries.invalidateQueries({ queryKey: ['tray'] })
      void navigate({ to: '/scans/$id', params: { id: job.job_id } })
    },
  })
  return (
    <Stack>
      <Text size="sm">A scan reads. It changes nothing in the account.</Text>
      <Select label="Account" placeholder="That of the server's own identity" clearable clearButtonProps={{ 'aria-label': 'Clear the account' }}
        data={accounts.data?.map((one) => one.name) ?? []} value={account} onChange={setAccount} description="Accounts that are registered with the server" />
      <MultiSelect label="Services" placeholder={services.length === 0 ? 'All' : ''} searchable clearable clearButtonProps={{ 'aria-label': 'Clear the services' }}
        data={[...new Set(types.data?.types.map((one) => one.service))].sort()} value={services} onChange={setServices} />
      <Switch label="Read metrics" description="Finds what is idle. AWS charges for metrics that are read: $0.01 a thousand at list price." checked={metrics} onChange={(event) => setMetrics(event.currentTarget.checked)} />
      {(accounts.isError || types.isError) && <Failed error={accounts.error ?? types.error} />}
      {start.isError && <Failed error={start.error} />}
      <Button onClick={() => start.mutate()} loading={start.isPending}>Start the scan</Button>
    </Stack>
  )
}
