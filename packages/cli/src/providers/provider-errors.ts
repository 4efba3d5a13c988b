import { OpenMuxError } from '@openmux/core'
import type { Source } from '../configuration/configuration.js'
import type { ProviderEntry } from './provider-entry.js'
import { PROVIDERS } from './registry.js'

/** The variable of the key that the error is about, when it is that and not the file. */
export function variableAtFault(
  { code, field }: OpenMuxError,
  { variables }: ProviderEntry,
  options: object,
): string | undefined {
  const key = variables.find(({ role }) => role === 'key')
  if (code !== 'bad-config' || key === undefined || key.option in options) return undefined
  return field === key.name || field === key.option ? key.name : undefined
}

/** A package that knows only its option: here the variable is what a person can correct. */
export function inTheVariable(error: OpenMuxError, id: string, variable: string): OpenMuxError {
  if (error.field === variable) return error
  return new OpenMuxError({
    code: 'bad-config',
    provider: id,
    field: variable,
    message: `${variable} cannot be used: ${error.message}`,
    hint: `Set ${variable} again, without anything around the key, or unset it.`,
    cause: error,
  })
}

/** A complaint about an option that stands in the file says where it stands. */
export function inTheFile(
  error: OpenMuxError,
  id: string,
  options: object,
  file: Source | undefined,
  isInFile: boolean,
): OpenMuxError {
  const [option = ''] = (error.field ?? '').split(/[.[]/)
  // Of a server of the user's own everything stands in the file, also what is missing there.
  const inFile = option in options || (isInFile && !isKnown(id) && /^[a-z]/.test(option))
  if (error.code !== 'bad-config' || file === undefined || !inFile) return error
  const field = `providers.${id}.${error.field ?? ''}`
  return new OpenMuxError({
    code: 'bad-config',
    provider: id,
    field,
    message: `${file.name}: ${field} is wrong. ${error.message}`,
    hint: error.hint,
    cause: error,
  })
}

function isKnown(id: string): boolean {
  return PROVIDERS.some((entry) => entry.id === id)
}

/** The package itself is missing – not something that it needs and its own error tells better. */
export function isMissing(error: unknown, packageName: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (
    code === 'ERR_MODULE_NOT_FOUND' && error instanceof Error && error.message.includes(`'${packageName}'`)
  )
}
