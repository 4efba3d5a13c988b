import type { JsonObject } from '@openmux/http'
import { wrongField } from './request-error.js'

/** Reads members of a received body: `null` is the same as absent, anything of another type is `bad-request`. */

/** A text that is not empty. */
export function readText(body: JsonObject, name: string, prefix = ''): string | undefined {
  const value = body[name] ?? undefined
  if (value === undefined) return undefined
  if (typeof value === 'string' && value !== '') return value
  throw wrongField(prefix + name, 'a text', value)
}

/** `true` or `false`; absent is `false`. */
export function readFlag(body: JsonObject, name: string, prefix = ''): boolean {
  const value = body[name] ?? false
  if (typeof value === 'boolean') return value
  throw wrongField(prefix + name, 'true or false', value)
}

/** A number that `fits`. */
export function readNumber(
  body: JsonObject,
  name: string,
  wanted: string,
  fits: (value: number) => boolean,
): number | undefined {
  const value = body[name] ?? undefined
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isFinite(value) && fits(value)) return value
  throw wrongField(name, wanted, value)
}

/** An array; absent is empty. */
export function readList(body: JsonObject, name: string, wanted: string, prefix = ''): readonly unknown[] {
  const value = body[name] ?? []
  if (Array.isArray(value)) return value
  throw wrongField(prefix + name, wanted, value)
}
