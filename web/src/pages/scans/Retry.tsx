import type { Job } from '@consolesensei/resource-tracker'
import { Button, Modal, Radio, Select, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useAccounts } from '../../api/account'
import { useJob } from '../../api/jobs'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Keys, takeKeys } from '../../ui/Credentials'
import { plural } from '../../ui/format'
import { Asked, Failed } from '../../ui/States'

interface RetryProps { id: string; cells: number; onRetried: () => void; size?: 'compact-xs' }

/** Retry scans again the cells that failed, and no others. In a list it is a small button. */
export function Retry({ id, cells, onRetried, size }: RetryProps) {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button onClick={open} {...(size && { size, variant: 'default', mt: 4 })}>Retry {plural(cells, 'failed cell')}</Button>
      <Modal opened={opened} onClose={close} title="Retry the failed cells">
        {opened && <Of id={id} onRetried={() => { close(); onRetried() }} />}
      </Modal>
    </>
  )
}

/** Of asks what the scan was started with, for the form to begin with the same account. */
function Of({ id, onRetried }: { id: string; onRetried: () => void }) {
  const job = useJob(id)
  return <Asked query={job} what="the scan" height={180}>{(data) => <Form id={id} request={data.request} onRetried={onRetried} />}</Asked>
}

const entered = (request: Job['request']): string | undefined => (request.accounts?.length === 1 ? request.accounts[0]?.account : undefined)

function Form({ id, request, onRetried }: { id: string; request: Job['request']; onRetried: () => void }) {
  const form = useRef<HTMLFormElement>(null)
  const accounts = useAccounts()
  const before = entered(request)
  const [by, setBy] = useState(before ? 'account' : 'identity')
  const [account, setAccount] = useState<string | null>(before ?? null)
  const retry = useMutation({
    mutationFn: () => tracker.jobs.retry(id, by === 'keys' ? takeKeys(form) : by === 'account' && account ? { account } : {}),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['jobs'] })
      void queries.invalidateQueries({ queryKey: ['job', id] })
      void queries.invalidateQueries({ queryKey: ['tray'] })
      onRetried()
    },
  })
  return (
    <form ref={form} autoComplete="off" onSubmit={(event) => { event.preventDefault(); retry.mutate() }}>
      <Stack>
        <Text size="sm">What was seen stays as it is. The credentials of the scan are deleted, so the retry needs some: of the same account.</Text>
        <Radio.Group label="Enter the account by" value={by} onChange={setBy}>
          <Stack gap="xs" mt="xs">
            <Radio value="identity" label="The server's own identity" />
            <Radio value="account" label="A registered account" disabled={accounts.data?.length === 0} />
            <Radio value="keys" label="Keys" />
          </Stack>
        </Radio.Group>
        {by === 'account' && <Select label="Account" required data={accounts.data?.map((one) => one.name) ?? []} value={account} onChange={setAccount} />}
        {by === 'keys' && <Keys />}
        {retry.isError && <Failed error={retry.error} />}
        <Button type="submit" loading={retry.isPending} disabled={by === 'account' && !account}>Retry</Button>
      </Stack>
    </form>
  )
}
