import { TrackerError } from '@consolesensei/resource-tracker'
import type { Schemas } from '@consolesensei/resource-tracker'
import { useQuery } from '@tanstack/react-query'
import { tracker } from './tracker'

export type Who = Schemas['WhoAnswer']
export type Permission = Who['permissions'][number]

export const whoQuery = { queryKey: ['who'], queryFn: () => tracker.whoami(), staleTime: 60_000, retry: false }

/** useWho is who is signed in. */
export const useWho = () => useQuery(whoQuery).data

/** useMay says whether whoever is signed in may do something at all. The server decides about each resource. */
export const useMay = (permission: Permission): boolean => useWho()?.permissions.includes(permission) ?? false

export const isSignedOut = (error: unknown): boolean => error instanceof TrackerError && error.status === 401

const listeners = new Set<() => void>()

/** onSessionEnded is told when an answer says that nobody is signed in any more. */
export function onSessionEnded(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const sessionEnded = (): void => listeners.forEach((listener) => listener())
