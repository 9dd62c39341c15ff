import { TrackerError } from '@consolesensei/resource-tracker'

/** missingPrincipal says whether the server refused to write a role because it does not know what it runs as itself. */
export const missingPrincipal = (error: unknown): boolean =>
  error instanceof TrackerError && error.errors.some((field) => field.location === 'query.principal')
