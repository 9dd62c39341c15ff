import { MultiSelect, Switch } from '@mantine/core'
import { useActions } from '../../api/jobs'
import { words } from '../../ui/format'
import { Failed } from '../../ui/States'

/** Allowed is what a role may be used for, beside scans. */
export interface Allowed { actions: string[]; metrics: boolean; billed: boolean }

/** Uses chooses what a role is for: its policies have what that needs, and no more. */
export function Uses({ allowed, onAllow }: { allowed: Allowed; onAllow: (allowed: Allowed) => void }) {
  const actions = useActions()
  const verbs = [...new Set((actions.data ?? []).map((one) => one.action))].sort()
  return (
    <>
      <MultiSelect label="Actions of plans, beside scans" description="Without one the role reads only" placeholder={allowed.actions.length === 0 ? 'None' : ''} searchable clearable clearButtonProps={{ 'aria-label': 'Clear the actions' }}
        data={verbs.map((verb) => ({ value: verb, label: words(verb) }))} value={allowed.actions} onChange={(chosen) => onAllow({ ...allowed, actions: chosen })} nothingFoundMessage="No such action" />
      <Switch label="Read metrics" description="To find what is idle" checked={allowed.metrics} onChange={(event) => onAllow({ ...allowed, metrics: event.currentTarget.checked })} />
      <Switch label="Ask for billed costs" checked={allowed.billed} onChange={(event) => onAllow({ ...allowed, billed: event.currentTarget.checked })} />
      {actions.isError && <Failed error={actions.error} again={() => void actions.refetch()} />}
    </>
  )
}
