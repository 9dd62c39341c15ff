import { Tracker } from '@consolesensei/resource-tracker'

/** tracker speaks to the server that the page came from. The session is a cookie, which the browser sends by itself. */
export const tracker = new Tracker({ url: '', credentials: 'same-origin', retries: 2, longestPause: 10_000 })
