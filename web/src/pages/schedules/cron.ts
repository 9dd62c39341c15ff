const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** cronWords says in words when a cron line comes. Of a line that has no common form, it says nothing: the line is shown as it is. */
export function cronWords(line: string): string | undefined {
  const fields = line.trim().split(/\s+/)
  if (fields.length !== 5) return undefined
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string]
  const days = daysOf(day, month, weekday)
  if (days === undefined) return undefined
  const often = oftenOf(minute, hour)
  if (often) return sentence(days === '' ? often : `${often}, ${days}`)
  const minutes = numbers(minute, 0, 59)
  const hours = numbers(hour, 0, 23)
  if (minutes?.length !== 1 || !hours || hours.length > 6) return undefined
  const times = listed(hours.map((one) => `${padded(one)}:${padded(minutes[0]!)}`))
  return sentence(days === '' ? `every day at ${times}` : `${days} at ${times}`)
}

/** everyWords says how long it is from one run to the next. */
export function everyWords(seconds: number): string {
  for (const [size, name] of [[86_400, 'day'], [3_600, 'hour'], [60, 'minute']] as const) {
    if (seconds % size === 0) return seconds === size ? `Every ${name}` : `Every ${seconds / size} ${name}s`
  }
  return `Every ${seconds} seconds`
}

/** oftenOf is for lines that name no time of day. */
function oftenOf(minute: string, hour: string): string | undefined {
  const minutes = step(minute, 60)
  if (minutes && hour === '*') return minutes === 1 ? 'every minute' : `every ${minutes} minutes`
  const at = numbers(minute, 0, 59)
  if (at?.length !== 1) return undefined
  const past = at[0] === 0 ? 'on the hour' : `${at[0]} ${at[0] === 1 ? 'minute' : 'minutes'} past`
  const hours = step(hour, 24)
  if (!hours) return undefined
  return hours === 1 ? `every hour, ${past}` : `every ${hours} hours, ${past}`
}

/** daysOf is on which days a line comes: '' is on each. A line of both a day and a weekday comes on either, which no short sentence says. */
function daysOf(day: string, month: string, weekday: string): string | undefined {
  const inMonths = month === '*' ? [] : numbers(month, 1, 12, months)
  if (inMonths === undefined) return undefined
  const of = inMonths.length > 0 ? listed(inMonths.map((one) => months[one - 1]!)) : ''
  if (day === '*' && weekday === '*') return of && `every day of ${of}`
  if (day === '*') {
    // Sunday is 0 and 7.
    const on = [...new Set(numbers(weekday, 0, 7, weekdays, 0)?.map((one) => one % 7))]
    if (on.length === 0 || of) return undefined
    return `on ${isWorkWeek(on) ? 'Monday to Friday' : listed(on.map((one) => weekdays[one]!))}`
  }
  const on = numbers(day, 1, 31)
  if (weekday !== '*' || !on || on.length > 6) return undefined
  return `on day ${listed(on.map(String))} of ${of || 'each month'}`
}

const isWorkWeek = (on: number[]): boolean => on.join() === '1,2,3,4,5'

/** numbers are those of a field of numbers, names, lists and ranges. */
function numbers(field: string, low: number, high: number, names: string[] = [], first = 1): number[] | undefined {
  const named = (text: string) => {
    const name = names.findIndex((one) => one.slice(0, 3).toLowerCase() === text.toLowerCase())
    return name >= 0 ? name + first : /^\d{1,2}$/.test(text) ? Number(text) : NaN
  }
  const all = new Set<number>()
  for (const part of field.split(',')) {
    const [from, to = from, ...more] = part.split('-').map(named) as [number, number?, ...number[]]
    if (more.length > 0 || !(from >= low && to <= high && from <= to)) return undefined
    for (let one = from; one <= to; one++) all.add(one)
  }
  return [...all].sort((a, b) => a - b)
}

/** step is how many minutes or hours a field of steps goes by, where they divide the whole: else the last distance is a shorter one. */
function step(field: string, whole: number): number | undefined {
  if (field === '*') return 1
  const every = Number(/^\*\/(\d{1,2})$/.exec(field)?.[1])
  return every > 0 && whole % every === 0 ? every : undefined
}

const padded = (value: number): string => String(value).padStart(2, '0')
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const listed = (names: string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`)
