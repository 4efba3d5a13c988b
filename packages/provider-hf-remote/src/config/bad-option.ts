import { OpenMuxError } from '@openmux/core'

/** `bad-config` that names the option. Values are never shown: they may be keys in the wrong place. */
export function bad(field: string, message: string, hint: string): OpenMuxError {
  return new OpenMuxError({ code: 'bad-config', field, message, hint })
}
