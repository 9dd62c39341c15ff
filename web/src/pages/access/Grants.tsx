import type { Schemas } from '@consolesensei/resource-tracker'
import { Text } from '@mantine/core'

/** boundsOf says in words what a grant is narrowed to; nothing where it is not. */
export function boundsOf(grant: Schemas['Grant']): string {
  const bounds: [string, string[] | undefined][] = [['accounts', grant.accounts], ['regions', grant.regions], ['types', grant.types], ['actions', grant.actions]]
  const said = bounds.flatMap(([name, values]) => (values?.length ? [`${name} ${values.join(', ')}`] : []))
  for (const [key, values] of Object.entries(grant.tags ?? {})) said.push(`tag ${key} ${(values as string[]).join(' or ')}`)
  return said.join('; ')
}

/** Grants lists roles and what each is narrowed to. */
export function Grants({ grants }: { grants: Schemas['Grant'][] }) {
  if (grants.length === 0) return <Text size="sm">no role</Text>
  return (
    <>
      {grants.map((grant, index) => {
        const bounds = boundsOf(grant)
        return <Text size="sm" key={index}><strong>{grant.role}</strong>{bounds === '' ? ', everywhere in the tenant' : `, only ${bounds}`}</Text>
      })}
    </>
  )
}
