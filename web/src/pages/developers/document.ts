interface Parameter { name: string; in: 'path' | 'query' | 'header' | 'cookie'; description?: string; required?: boolean; example?: unknown }

/** Described is an operation as the document of the API has it, with its example. */
export interface Described {
  id: string
  method: string
  path: string
  group: string
  summary: string
  description?: string
  permission?: string
  parameters: Parameter[]
  body?: unknown
}

/** Group is a tag of the document with its operations. */
export interface Group { name: string; description: string; operations: Described[] }

interface Operation {
  operationId: string
  tags?: string[]
  summary?: string
  description?: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { example?: unknown }> }
  'x-permission'?: string
}

interface Spec { tags: { name: string; description: string }[]; paths: Record<string, Record<string, Operation>> }

/** groupsOf are all operations of the document by their first tag, in the order of the tags. */
export function groupsOf(spec: Spec): Group[] {
  const all = Object.entries(spec.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, one]): Described => ({
    id: one.operationId, method: method.toUpperCase(), path, group: one.tags?.[0] ?? 'service', summary: one.summary ?? one.operationId, description: one.description,
    permission: one['x-permission'], parameters: one.parameters ?? [], body: one.requestBody?.content['application/json']?.example,
  })))
  return spec.tags
    .map(({ name, description }) => ({ name, description, operations: all.filter((one) => one.group === name) }))
    .filter((group) => group.operations.length > 0)
}

/** fetchDocument reads the document, which is public. */
export async function fetchDocument(signal: AbortSignal): Promise<Group[]> {
  const answer = await fetch('/api/v1/openapi.json', { signal })
  if (!answer.ok) throw new Error(`The server answered ${answer.status} when it was asked for the document.`)
  return groupsOf(await answer.json() as Spec)
}

/** addressOf is the path of the example with its query. Without an example the names of the path's members stay. */
export function addressOf(operation: Described): string {
  const query = new URLSearchParams()
  let path = operation.path
  for (const parameter of operation.parameters) {
    if (parameter.example === undefined) continue
    const value = Array.isArray(parameter.example) ? parameter.example.join(',') : String(parameter.example)
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value))
    if (parameter.in === 'query') query.set(parameter.name, value)
  }
  return query.size > 0 ? `${path}?${query.toString()}` : path
}
