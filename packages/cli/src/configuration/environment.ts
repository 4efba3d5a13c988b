import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OpenMuxError } from '@openmux/core'
import type { Configuration, Source } from './configuration.js'
import { VARIABLES } from './variables.js'

/** The environment with `.env` behind it: what is set for real is never covered. */
export interface Environment {
  readonly values: Readonly<Record<string, string | undefined>>
  /** Undefined: the variable is not set, or empty. */
  sourceOf(name: string): Source | undefined
}

/** Reads `.env` of the working folder, when there is one. Nothing of it is printed or put into the process. */
export async function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<Environment> {
  const path = join(cwd, '.env')
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    if (isMissing(cause)) return undefined
    throw new OpenMuxError({
      code: 'bad-config',
      field: '.env',
      message: `${path} cannot be read.`,
      hint: 'Check the rights of the file, or remove it.',
    })
  })
  // Loaded only when there is a file to parse.
  const fromFile = text === undefined ? {} : withoutProxies((await import('dotenv')).parse(text))
  const values = { ...fromFile, ...env }
  return {
    values,
    sourceOf(name) {
      if ((values[name] ?? '').trim() === '') return undefined
      return env[name] === undefined
        ? { name: '.env', trust: 'folder' }
        : { name: 'the environment', trust: 'user' }
    },
  }
}

/** A folder that came from elsewhere must not say by whom the user's requests go. */
function withoutProxies(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => !/^(?:(?:https?|no)_proxy|request_method)$/i.test(name)),
  )
}

/** What the variables say, checked one by one so that an error names the variable. Throws `bad-config`. */
export async function environmentConfiguration(environment: Environment): Promise<Configuration> {
  const given = VARIABLES.filter(({ name }) => environment.sourceOf(name) !== undefined)
  if (given.length === 0) return {}
  // The checker is loaded only when there is something to check.
  const { configurationSchema } = await import('./schema.js')
  const { variableError } = await import('./config-errors.js')
  const configuration: Record<string, unknown> = {}
  for (const { name, key, read } of given) {
    const value = read(environment.values[name] ?? '')
    const checked = configurationSchema.shape[key].safeParse(value)
    if (!checked.success) {
      throw variableError(name, environment.sourceOf(name)?.name ?? '', checked.error.issues, value)
    }
    configuration[key] = checked.data
  }
  return configuration
}

function isMissing(cause: unknown): boolean {
  // A folder called .env (a Python habit) is no configuration either.
  return (
    cause instanceof Error &&
    'code' in cause &&
    (cause.code === 'ENOENT' || cause.code === 'EISDIR' || cause.code === 'ENOTDIR')
  )
}
