import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, Fieldset, Select, TagsInput } from '@mantine/core'
import { roles } from './roles-in-words'

type Body = Schemas['GrantBody']

interface GrantFieldsProps { number: number; grant: Body; onChange: (grant: Body) => void; onRemove?: () => void }

const bounds = [
  { member: 'accounts', label: 'Only accounts', hint: 'twelve digits each', roles: ['operator', 'actor'] },
  { member: 'regions', label: 'Only regions', hint: 'such as eu-west-1; global is what has none', roles: ['operator', 'actor'] },
  { member: 'types', label: 'Only types', hint: 'such as EC2_Instance', roles: ['operator', 'actor'] },
  { member: 'actions', label: 'Only actions', hint: 'such as stop', roles: ['actor'] },
] as const

/** GrantFields is one role of a new key, and what it is narrowed to. */
export function GrantFields({ number, grant, onChange, onRemove }: GrantFieldsProps) {
  const tags = Object.entries(grant.tags ?? {}).flatMap(([key, values]) => (values as string[]).map((value) => `${key}=${value}`))
  const setTags = (said: string[]) => {
    const kept: Record<string, string[]> = {}
    for (const one of said) {
      const at = one.indexOf('=')
      if (at > 0) (kept[one.slice(0, at)] ??= []).push(one.slice(at + 1))
    }
    onChange({ ...grant, tags: said.length > 0 ? kept : undefined })
  }
  return (
    <Fieldset legend={`Role ${number}`}>
      <Select label="Role" data={roles.map((one) => one.role)} value={grant.role} allowDeselect={false} description={roles.find((one) => one.role === grant.role)?.may}
        onChange={(role) => role && onChange({ role: role as Body['role'] })} />
      {bounds.filter((one) => (one.roles as readonly string[]).includes(grant.role)).map(({ member, label, hint }) => (
        <TagsInput key={member} mt="xs" label={label} description={`${hint}; empty is all`} value={grant[member] ?? []} splitChars={[',', ' ']} acceptValueOnBlur
          onChange={(values) => onChange({ ...grant, [member]: values.length > 0 ? values : undefined })} />
      ))}
      {grant.role === 'actor' && <TagsInput mt="xs" label="Only what has tags" description="KEY=VALUE; empty is all" value={tags} onChange={setTags} acceptValueOnBlur />}
      {onRemove && <Button mt="xs" size="compact-sm" variant="default" onClick={onRemove}>Remove role {number}</Button>}
    </Fieldset>
  )
}
