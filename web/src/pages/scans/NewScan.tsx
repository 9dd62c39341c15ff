import { Button, Modal, NumberInput, Radio, Select, Stack, Switch, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useAccounts } from '../../api/account'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Keys, takeKeys } from '../../ui/Credentials'
import { regionsOf } from '../../ui/partitions'
import { asked, Estimate, everything, Scope } from '../../ui/Scope'
import { Failed } from '../../ui/States'
import { To } from '../../ui/To'

/** NewScan starts a scan, after it has said what the scan will take. */
export function NewScan() {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button onClick={open}>New scan</Button>
      <Modal opened={opened} onClose={close} title="New scan" size="lg">{opened && <Form />}</Modal>
    </>
  )
}

function Form() {
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const accounts = useAccounts()
  const [by, setBy] = useState('identity')
  const [account, setAccount] = useState<string | null>(null)
  const [scope, setScope] = useState(everything)
  const [metrics, setMetrics] = useState(false)
  const [billed, setBilled] = useState(false)
  const [paid, setPaid] = useState(20)
  const start = useMutation({
    mutationFn: () => tracker.scan({
      ...asked(scope), ...(metrics && { metrics }), ...(billed && { billed_cost: { group_by: ['service'], max_paid_calls: paid } }),
      ...(by === 'account' && account && { account }), ...(by === 'keys' && takeKeys(form)),
    }),
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ['jobs'] })
      void queries.invalidateQueries({ queryKey: ['tray'] })
      void navigate({ to: '/scans/$id', params: { id: job.job_id } })
    },
  })
  const entered = by === 'account' ? accounts.data?.find((one) => one.name === account) : undefined
  const known = regionsOf(entered?.role_arn)
  return (
    <form ref={form} autoComplete="off" onSubmit={(event) => { event.preventDefault(); start.mutate() }}>
      <Stack>
        <Text size="sm">A scan reads. It changes nothing in the account. <To to="/connect">Connect another account</To></Text>
        <Radio.Group label="Enter the account by" value={by} onChange={setBy}>
          <Stack gap="xs" mt="xs">
            <Radio value="identity" label="The server's own identity" />
            <Radio value="account" label={accounts.data?.length === 0 ? 'A registered account: there is none' : 'A registered account'} disabled={!accounts.data?.length} />
            <Radio value="keys" label="Keys, for this scan alone" />
          </Stack>
        </Radio.Group>
        {by === 'account' && <Select label="Account" required data={accounts.data?.map((one) => ({ value: one.name, label: `${one.name} (${one.account_id})` })) ?? []} value={account} onChange={setAccount} />}
        {by === 'keys' && <Keys />}
        <Scope scope={scope} onChange={setScope} known={known} />
        <Switch label="Read metrics" description="Finds what is idle. AWS charges for each metric that is read" checked={metrics} onChange={(event) => setMetrics(event.currentTarget.checked)} />
        <Switch label="Ask for billed costs" description="Beside the estimate, by service, of the last 30 days. AWS charges for each call" checked={billed} onChange={(event) => setBilled(event.currentTarget.checked)} />
        {billed && <NumberInput label="Paid calls at most" min={1} max={1000} value={paid} onChange={(value) => setPaid(Number(value) || 1)} />}
        <Estimate scope={scope} metrics={metrics} paidCalls={billed ? paid : 0} known={known} registered={entered?.regions} />
        {accounts.isError && <Failed error={accounts.error} />}
        {start.isError && <Failed error={start.error} />}
        <Button type="submit" loading={start.isPending} disabled={by === 'account' && !account}>Start the scan</Button>
      </Stack>
    </form>
  )
}
