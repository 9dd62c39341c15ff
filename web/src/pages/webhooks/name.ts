import type { Webhook } from '@consolesensei/resource-tracker'

/** nameOf is what people know a webhook by. */
export const nameOf = (hook: Webhook): string => hook.description || hook.url || hook.to?.join(', ') || hook.webhook_id
