import { TrackerError } from '@consolesensei/resource-tracker'
import { QueryCache, QueryClient } from '@tanstack/react-query'
import { isSignedOut, sessionEnded } from './session'

/** queries keeps what the API answered. An answer that says that nobody is signed in leads to the sign-in page. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => isSignedOut(error) && sessionEnded() }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // The client has tried again already, where that is worth it.
      retry: (count, error) => !(error instanceof TrackerError) && count < 1,
    },
  },
})
