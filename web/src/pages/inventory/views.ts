import { useLocalStorage } from '@mantine/hooks'
import { useWho } from '../../api/session'

/** View is what an address of this page asks for, under a name. It holds no secret: an address has none. */
export interface View { name: string; search: Record<string, string> }

/** useViews are the views that this browser keeps, for each tenant its own. */
export function useViews() {
  const tenant = useWho()?.tenant ?? ''
  const [views, setViews] = useLocalStorage<View[]>({ key: `inventory-views/${tenant}`, defaultValue: [], deserialize: readViews })
  return {
    views,
    save: (view: View) => setViews((now) => [...now.filter((one) => one.name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name))),
    remove: (name: string) => setViews((now) => now.filter((one) => one.name !== name)),
  }
}

/** readViews leaves out what is no view: whoever uses the browser may write there. */
function readViews(text: string | undefined): View[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(found) ? found.filter(isView) : []
  } catch {
    return []
  }
}

const isView = (one: unknown): one is View => typeof one === 'object' && one !== null
  && 'name' in one && typeof one.name === 'string' && 'search' in one && typeof one.search === 'object' && one.search !== null
