/** The first stable code in `thrown`, its causes and its parts; empty when there is none. */
export function errorCodeOf(thrown: unknown, depth = 0): string {
  if (typeof thrown !== 'object' || thrown === null || depth > 5) return ''
  const { code, name, cause, errors } = thrown as {
    code?: unknown
    name?: unknown
    cause?: unknown
    errors?: unknown
  }
  if (typeof code === 'string' && code !== '') return code
  // undici's parser error carries its code only for some faults.
  if (name === 'HTTPParserError') return 'HPE_INVALID'
  const inCause = errorCodeOf(cause, depth + 1)
  if (inCause !== '' || !Array.isArray(errors)) return inCause
  for (const part of errors) {
    const found = errorCodeOf(part, depth + 1)
    if (found !== '') return found
  }
  return ''
}

/** What was thrown in its own words, with those of its cause. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown === 'string' ? thrown : 'unknown reason'
  const inner = thrown.cause instanceof Error ? `: ${thrown.cause.message}` : ''
  return `${thrown.message}${inner}`.replace(/\.$/, '')
}
