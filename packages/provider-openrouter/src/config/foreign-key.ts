import { serviceOfKey } from '@openmux/http'

/** The service a key was made for, when its shape says that it is another than OpenRouter (`sk-or-…`). */
export function foreignService(key: string, isOpenRouter: boolean): string | undefined {
  const service = serviceOfKey(key)
  if (service === 'OpenRouter') return undefined
  // A gateway of one's own may hand out any key that begins so; OpenRouter does not.
  return !isOpenRouter && service?.includes('another') === true ? undefined : service
}
