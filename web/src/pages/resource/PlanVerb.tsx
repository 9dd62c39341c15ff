import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useAccountName } from '../../api/account'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { words } from '../../ui/format'
import { Lifts } from '../../ui/Lifts'
import { fault, ParamField, valuesOf } from '../../ui/Params'
import { Failed } from '../../ui/States'
import type { Subject } from './subject'

/** PlanVerb makes a plan of one verb for one resource. It looks at the resource and changes nothing. */
export function PlanVerb({ subject: { one }, verb, onClose }: { subject: Subject; verb: Schemas['ActionInfo']; onClose: () => void }) {
  const navigate = useNavigate()
  const account = useAccountName()(one.account_id)
  const [texts, setTexts] = useState<Record<string, string>>({})
  const [lift, setLift] = useState<string[]>([])
  const params = verb.params ?? []
  const make = useMutation({
    mutationFn: () => {
      const values = valuesOf(params, texts)
      return tracker.plans.create({
        actions: [{
          account_id: one.account_id, region: one.region, resource_type: one.resource_type, resource_id: one.resource_id, action: verb.action,
          ...(Object.keys(values).length > 0 && { params: values }), ...(lift.length > 0 && { lift }),
        }],
        ...(account && { account }),
      })
    },
    onSuccess: ({ plan }) => {
      void queries.invalidateQueries({ queryKey: ['plans'] })
      void queries.invalidateQueries({ queryKey: ['life'] })
      void navigate({ to: '/plans/$id', params: { id: plan.plan_id } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={`Plan: ${words(verb.action)}`}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}><strong>{one.resource_name ?? one.resource_id}</strong>, {words(one.resource_type)} in {one.region}. {verb.summary}</Text>
          <Text size="sm">{verb.undo ? `Undo: ${verb.undo}.` : <strong>It cannot be undone.</strong>} A plan looks at the resource and says what would happen. Nothing changes before the plan is applied.</Text>
          {params.map((param) => <ParamField key={param.name} param={param} text={texts[param.name] ?? ''} onText={(text) => setTexts((now) => ({ ...now, [param.name]: text }))} />)}
          <Lifts rules={verb.liftable ?? []} lifted={lift} onLift={setLift} />
          {make.isError && <Failed error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={make.isPending} disabled={params.some((param) => fault(param, texts[param.name] ?? '') !== undefined)}>Make a plan</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
