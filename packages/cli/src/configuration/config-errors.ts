import { OpenMuxError } from '@openmux/core'
import { didYouMean } from '@openmux/core/names'
import type * as z from 'zod'
import { counted } from '../render/quantities.js'

/**
 * What is wrong with a checked value, as one `bad-config` that names where it stands, every key
 * and the shape expected. Values of texts are never shown: one of them may be a key.
 */
export function configError(
  source: string,
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
): OpenMuxError {
  const found = issues.flatMap((issue) => describeIssue(issue, value))
  const [first] = found
  return new OpenMuxError({
    code: 'bad-config',
    message: `${source}: ${found.map(({ message }) => message).join('; ')}.`,
    ...(first !== undefined && { field: first.field, hint: first.hint }),
  })
}

/** The same for an environment variable: `OPENMUX_TIMEOUT (.env) must be …`. */
export function variableError(
  variable: string,
  place: string,
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
): OpenMuxError {
  const expected = issues[0]?.message ?? 'something else'
  return new OpenMuxError({
    code: 'bad-config',
    field: variable,
    message: `${variable} (in ${place}) must be ${expected}, not ${shapeOf(value)}.`,
    hint: `Set ${variable} to ${expected}, or unset it.`,
  })
}

interface Described {
  readonly field: string
  readonly message: string
  readonly hint: string
}

function describeIssue(issue: z.core.$ZodIssue, whole: unknown): readonly Described[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue)
    return issue.keys.map((key) => {
      const field = pathText([...path, key])
      const near = didYouMean(key, known)
      return {
        field,
        message: `there is no key ${field}${near === undefined ? '' : ` (did you mean ${near}?)`}`,
        hint: known.length === 0 ? 'Leave it out.' : `Known keys here: ${known.join(', ')}.`,
      }
    })
  }
  const field = pathText(path)
  const expected = issue.message
  if (issue.code === 'invalid_key') {
    const better = (path.at(-1) ?? '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
    return [
      {
        field,
        message: `the name of ${field} must be ${expected}`,
        hint: `Call it ${better.replaceAll(/^-|-$/g, '') || 'my-server'}.`,
      },
    ]
  }
  return [
    {
      field,
      message: `${field} must be ${expected}, not ${shapeOf(valueAt(whole, issue.path))}`,
      hint: `Give ${field} as ${expected}.`,
    },
  ]
}

/** The keys a strict object takes, which the schema puts on the issue by its `error` (see `schema.ts`). */
function knownKeys(issue: z.core.$ZodIssue): readonly string[] {
  return issue.message.split(' ').filter((key) => key !== '')
}

/** `providers.ollama.baseURL`, `prefer[0]`. */
function pathText(path: readonly string[]): string {
  if (path.length === 0) return 'the whole file'
  return path
    .map((part, place) => (/^\d+$/.test(part) ? `[${part}]` : `${place === 0 ? '' : '.'}${part}`))
    .join('')
}

function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  let value = whole
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

function shapeOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'absent'
  if (typeof value === 'string')
    return value.trim() === '' ? 'an empty text' : `a text of ${counted(value.length, 'character')}`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`
  return 'an object'
}
