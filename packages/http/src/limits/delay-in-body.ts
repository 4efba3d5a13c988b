import { MAX_WAIT_MS, parseSpan } from './parse-moment.js'

/** Objects and lists looked into; an error has a handful. */
const MAX_VISITS = 200
const MAX_DEPTH = 8

/** Members that hold a time to wait, and ms in one of their units. */
const MEMBERS: Readonly<Record<string, number>> = {
  retryDelay: 1_000,
  retry_delay: 1_000,
  retry_after: 1_000,
  retryAfter: 1_000,
  retry_after_seconds: 1_000,
  retryAfterSeconds: 1_000,
  retry_after_ms: 1,
  retryAfterMs: 1,
}

/**
 * The time to wait that the body of an error tells as a member, ms, from 0 to 31 days: `google.rpc.RetryInfo`
 * (`"retryDelay": "34.074824224s"`), `retry_after` in seconds (OpenRouter, Discord), `retry_after_ms`. The nearest to
 * the top counts. Undefined: none is told, or it is negative or not a number.
 */
export function delayInBody(body: unknown): number | undefined {
  let level: readonly unknown[] = [body]
  let visits = 0
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const below: unknown[] = []
    for (const value of level) {
      if (typeof value !== 'object' || value === null || ++visits > MAX_VISITS) continue
      for (const [name, member] of Object.entries(value)) {
        const delay = Object.hasOwn(MEMBERS, name) ? toMs(member, MEMBERS[name] ?? 1_000) : undefined
        if (delay !== undefined) return Math.min(delay, MAX_WAIT_MS)
        if (typeof member === 'object') below.push(member)
      }
    }
    level = below
  }
  return undefined
}

function toMs(value: unknown, unitMs: number): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value * unitMs : undefined
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * unitMs : parseSpan(text)
}
