import type { Schemas } from '@consolesensei/resource-tracker'
import { Checkbox, Select, Textarea, TextInput } from '@mantine/core'
import { words } from './format'

type Param = Schemas['Param']
export type Values = NonNullable<Schemas['ActionBody']['params']>

/** ParamField takes what a verb takes. Several texts stand in lines, and so do keys with their values. */
export function ParamField({ param, text, onText, error }: { param: Param; text: string; onText: (text: string) => void; error?: string }) {
  const common = { label: words(param.name), description: param.description, required: param.required, error: (text !== '' && fault(param, text)) || error }
  if (param.kind === 'boolean') return <Checkbox label={words(param.name)} description={param.description} checked={text === 'true'} onChange={(event) => onText(event.currentTarget.checked ? 'true' : '')} />
  if (param.enum) return <Select {...common} data={param.enum} value={text || null} onChange={(value) => onText(value ?? '')} clearable={!param.required} clearButtonProps={{ 'aria-label': `Clear ${words(param.name)}` }} />
  if (param.kind === 'strings' || param.kind === 'map') {
    return <Textarea {...common} description={`${param.description}: ${param.kind === 'map' ? 'one KEY=VALUE a line' : 'one a line'}`} value={text} onChange={(event) => onText(event.currentTarget.value)} autosize minRows={2} maxLength={8192} spellCheck={false} />
  }
  return <TextInput {...common} value={text} onChange={(event) => onText(event.currentTarget.value)} inputMode={param.kind === 'integer' ? 'numeric' : undefined} maxLength={1024} spellCheck={false} />
}

/** fault says what is wrong with what was written; undefined where nothing is. */
export function fault(param: Param, text: string): string | undefined {
  if (text.trim() === '') return param.required ? 'It is needed' : undefined
  if (param.kind === 'map' && lines(text).some((line) => line.indexOf('=') < 1)) return 'Each line is KEY=VALUE'
  if (param.kind !== 'integer') return undefined
  if (!/^-?\d+$/.test(text.trim())) return 'It is a whole number'
  const value = Number(text)
  if (param.minimum !== undefined && value < param.minimum) return `At least ${param.minimum}`
  if (param.maximum !== undefined && param.maximum !== 0 && value > param.maximum) return `At most ${param.maximum}`
  return undefined
}

/** textsOf are values of the API as they are written. */
export function textsOf(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.join('\n') : typeof value === 'object' ? Object.entries(value as object).map(([key, of]) => `${key}=${of}`).join('\n') : String(value)]))
}

/** valuesOf is what was written, as the API takes it. What is empty is left out. */
export function valuesOf(params: Param[], texts: Record<string, string>): Values {
  const values: Values = {}
  for (const param of params) {
    const text = (texts[param.name] ?? '').trim()
    if (text === '') continue
    values[param.name] = param.kind === 'integer' ? Number(text) : param.kind === 'boolean' ? text === 'true' : param.kind === 'strings' ? lines(text) : param.kind === 'map' ? pairs(text) : text
  }
  return values
}

const lines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean)

const pairs = (text: string): Record<string, string> => Object.fromEntries(lines(text).map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()]))
