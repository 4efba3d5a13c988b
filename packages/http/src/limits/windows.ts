import type { ResponseHeaders } from '../transport/response-headers.js'
import { parseMoment } from './parse-moment.js'

/** One limit as headers describe it. */
export interface LimitWindow {
  /** What the headers call it: `requests`, `tokens-minute`, a policy; empty when they call it nothing. */
  name: string
  until?: number
  limit?: number
  remaining?: number
  source: string
}

/** `x-ratelimit-reset-tokens`, `ratelimit-limit`, `anthropic-ratelimit-requests-remaining` … */
const WORDS_FIRST = /^(?:x-)?rate-?limit-(limit|remaining|reset(?:-after)?)(?:-(.+))?$/
const WORDS_LAST = /^anthropic-ratelimit-(.+)-(limit|remaining|reset)$/

/** Every limit the headers describe, one per name (`requests`, `tokens`, a policy …). */
export function readWindows(headers: ResponseHeaders, now: number, skewMs: number): LimitWindow[] {
  const windows = new Map<string, LimitWindow>()
  const windowOf = (family: string, name: string, source: string): LimitWindow => {
    const key = `${family} ${name}`
    const window = windows.get(key) ?? { name, source }
    windows.set(key, window)
    return window
  }
  for (const [header, value] of Object.entries(headers)) {
    const first = WORDS_FIRST.exec(header)
    const last = first === null ? WORDS_LAST.exec(header) : null
    if (first !== null) note(windowOf('x', first[2] ?? '', header), header, first[1], value, now, skewMs)
    else if (last !== null)
      note(windowOf('anthropic', last[1] ?? '', header), header, last[2], value, now, skewMs)
    else if (header === 'ratelimit')
      readStructured(value, now, (policy) => windowOf('structured', policy.replaceAll('"', ''), header))
  }
  return [...windows.values()].filter(saysSomething)
}

/** Whether any header could describe a limit: asked of every answer, and nearly all say nothing. */
export function mayTellLimits(headers: ResponseHeaders): boolean {
  for (const header in headers) if (header.includes('limit')) return true
  return false
}

/** The window that stops us first: the least left by share, then the one that ends last. */
export function tightestWindow(windows: readonly LimitWindow[]): LimitWindow | undefined {
  let tightest: LimitWindow | undefined
  for (const window of windows) {
    if (tightest === undefined || isTighter(window, tightest)) tightest = window
  }
  return tightest
}

function isTighter(window: LimitWindow, other: LimitWindow): boolean {
  const difference = shareLeft(window) - shareLeft(other)
  return difference === 0 ? (window.until ?? 0) > (other.until ?? 0) : difference < 0
}

function shareLeft({ remaining, limit }: LimitWindow): number {
  if (remaining === undefined) return 1
  if (remaining === 0) return 0
  // Without a limit all we know is that something is left.
  return limit === undefined || limit === 0 ? 0.5 : Math.min(1, remaining / limit)
}

function note(
  window: LimitWindow,
  header: string,
  what: string | undefined,
  value: string,
  now: number,
  skewMs: number,
): void {
  if (what === 'limit') setCount(window, 'limit', value)
  else if (what === 'remaining') setCount(window, 'remaining', value)
  else {
    const until = parseMoment(value, now, skewMs)
    if (until === undefined) return
    window.until = until
    window.source = header
  }
}

function setCount(window: LimitWindow, what: 'limit' | 'remaining', value: string): void {
  // Drafts before 07 add policies after a comma: "100, 100;w=60".
  const count = /^\s*(\d+(?:\.\d+)?)\s*(?:[,;]|$)/.exec(value)?.[1]
  if (count !== undefined && Number.isSafeInteger(Math.floor(Number(count)))) window[what] = Number(count)
}

/** `"default";r=50;t=30` (draft 08 on), also with several policies, and `limit=100, remaining=0, reset=30` (draft 07). */
function readStructured(value: string, now: number, windowOf: (policy: string) => LimitWindow): void {
  const members = value.split(',')
  for (const member of members) {
    const [head = '', ...parameters] = member.split(';').map((part) => part.trim())
    const pairs = head.includes('=') ? [head, ...parameters] : parameters
    const policy = head.includes('=') ? '' : head
    for (const pair of pairs) {
      const [name, raw = ''] = pair.split('=', 2)
      const window = windowOf(policy)
      if (name === 'r' || name === 'remaining') setCount(window, 'remaining', raw)
      else if (name === 'limit') setCount(window, 'limit', raw)
      else if (name === 't' || name === 'reset') {
        const until = parseMoment(raw, now)
        if (until !== undefined) window.until = until
      }
    }
  }
}

function saysSomething(window: LimitWindow): boolean {
  return window.until !== undefined || window.limit !== undefined || window.remaining !== undefined
}
