import { inspect } from 'node:util'

/** A clause of the provider contract that a provider breaks. The message tells its author what to change. */
export class ContractViolation extends Error {
  override readonly name: string = 'ContractViolation'
}

/** Fails with `message` unless `condition` holds. */
export function demand(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new ContractViolation(typeof message === 'string' ? message : message())
}

/** A value in one short line, for messages. */
export function show(value: unknown): string {
  const text = inspect(value, { depth: 3, breakLength: Infinity, maxStringLength: 120, maxArrayLength: 6 })
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}
