import type { Schemas } from '@consolesensei/resource-tracker'
import { Alert, Group, NumberInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useActions } from '../../api/jobs'
import { words } from '../../ui/format'
import { Lifts } from '../../ui/Lifts'
import { ParamField, textsOf, valuesOf } from '../../ui/Params'
import { Failed } from '../../ui/States'
import { RegionsField } from './RegionsField'
import type { FieldsProps } from './ScheduleForm'

type Action = Schemas['ActionInfo']

/** PlanFields say what the plan of a schedule selects, what is done to it, and how much of it at most. */
export function PlanFields({ draft, set, fault }: FieldsProps) {
  const actions = useActions()
  const [texts, setTexts] = useState(() => textsOf(draft.params))
  const params = paramsOf(actions.data ?? [], draft.action)
  const write = (next: Record<string, string>) => {
    setTexts(next)
    set({ params: valuesOf(params, next) })
  }
  const choose = (action: string | null) => {
    setTexts({})
    // What a rule protects is lifted for the action that it was lifted for.
    set({ action: action ?? '', params: {}, lift: [] })
  }
  const limit = (label: string, name: 'maxItems' | 'maxShare', place: string, max?: number) => (
    <NumberInput label={label} placeholder="The server's limit" min={1} max={max} allowDecimal={false} hideControls value={draft[name]} onChange={(value) => set({ [name]: value === '' ? '' : Number(value) })} error={fault(place)} style={{ flex: '1 1 200px' }} />
  )
  return (
    <>
      <Alert color="orange" variant="outline" title="Nobody looks at it before">
        Each run plans what the filter selects then, and carries it out at once, unless a second person has to approve it. So its action has to be one that can be undone.
      </Alert>
      <Select label="Action" required searchable data={verbsOf(actions.data ?? [], draft.action)} value={draft.action || null} onChange={choose} error={fault('plan.select.action')} limit={80} nothingFoundMessage="No such action" />
      <TextInput label="To what this filter selects" required value={draft.selects} onChange={(event) => set({ selects: event.currentTarget.value })} error={fault('plan.select.filter')} maxLength={8192} spellCheck={false} autoCapitalize="none"
        description="Such as type:EC2_Instance tag:env=dev, as in the inventory. Every type that it selects must have the action." />
      {params.map((param) => (
        <ParamField key={param.name} param={param} text={texts[param.name] ?? ''} onText={(text) => write({ ...texts, [param.name]: text })} error={fault(`plan.select.params.${param.name}`)} />
      ))}
      <RegionsField value={draft.regions} onChange={(regions) => set({ regions })} error={fault('plan.select.regions')} />
      <Lifts rules={liftableOf(actions.data ?? [], draft.action)} lifted={draft.lift} onLift={(lift) => set({ lift })} error={fault('plan.select.lift')} />
      <Group align="flex-start">
        {limit('Resources at most', 'maxItems', 'plan.max_items')}
        {limit('Percent of a type at most', 'maxShare', 'plan.max_share_percent', 100)}
      </Group>
      {actions.isError && <Failed error={actions.error} again={() => void actions.refetch()} />}
    </>
  )
}

/** verbsOf are the actions that there are, by whether each type that has them can undo them: no others are carried without a setting of the server. */
function verbsOf(actions: Action[], chosen: string) {
  const verbs = new Map<string, boolean>()
  for (const one of actions) if (!one.creates) verbs.set(one.action, one.reversible && (verbs.get(one.action) ?? true))
  if (chosen && !verbs.has(chosen)) verbs.set(chosen, true)
  const items = (undone: boolean) => [...verbs].filter(([, reversible]) => reversible === undone).map(([verb]) => ({ value: verb, label: words(verb) })).sort((a, b) => a.label.localeCompare(b.label))
  return [{ group: 'Can be undone', items: items(true) }, { group: 'Cannot: only where SCHEDULE_ANY_ACTION is on', items: items(false) }]
}

/** paramsOf is what an action takes, of whichever type. */
function paramsOf(actions: Action[], verb: string): Schemas['Param'][] {
  const params = new Map<string, Schemas['Param']>()
  for (const one of actions) if (one.action === verb) for (const param of one.params ?? []) if (!params.has(param.name)) params.set(param.name, param)
  return [...params.values()]
}

/** liftableOf are the rules that an action may lift, of whichever type. */
const liftableOf = (actions: Action[], verb: string): string[] => [...new Set(actions.flatMap((one) => (one.action === verb ? one.liftable ?? [] : [])))]
