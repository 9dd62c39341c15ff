import { faultAt } from '../../ui/faults'

/** missingPrincipal says whether the server refused to write a role because it does not know what it runs as itself. */
export const missingPrincipal = (error: unknown): boolean => faultAt(error, 'query.principal') !== undefined
