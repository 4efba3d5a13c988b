import { OpenMuxError } from '../errors/openmux-error.js'

/** `bad-request` for a field of an option or record that is not what it must be. */
export function notAsExpected(
  field: string,
  expected: string,
  hint = `Give ${field} as ${expected}.`,
): OpenMuxError {
  return new OpenMuxError({ code: 'bad-request', field, message: `${field} must be ${expected}.`, hint })
}

/** Throws unless `value` is a finite number from 0 up. */
export function checkAmount(value: unknown, field: string, expected = 'a number from 0 up'): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw notAsExpected(field, expected)
}
