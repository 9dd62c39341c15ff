import { Tracker } from '@consolesensei/resource-tracker'

/** Without VITE_API_URL the API is where the page came from: behind one proxy, so that a session's cookie works. */
const url = import.meta.env.VITE_API_URL || location.origin

/** isOwnSite says whether people can sign in with the issuer: the session's cookie is sent to the page's own site alone. */
export const isOwnSite = new URL(url).origin === location.origin

/** The key of .env is for `npm run dev`. A build leaves it out, since everybody could read it there. */
const developmentKey = import.meta.env.DEV ? import.meta.env.VITE_API_KEY : undefined

/** connect makes the client of this page: with a key that somebody has typed in, or with their session. */
export const connect = (key: string | undefined = developmentKey): Tracker => new Tracker({ url, key, credentials: 'same-origin' })
