import { OpenMuxError } from '@openmux/core'

/** Limits on waiting for the network, in ms; 0 means none. */
export interface TransportTimeouts {
  /** Until the connection (with TLS) stands. Default 5,000. A reused connection costs no time. */
  connectMs: number
  /** From the connection to the headers of the answer. Default 0: a local model may load for minutes. */
  headersMs: number
  /** Waiting for the next bytes of the body. Time the reader takes itself does not count. Default 0. */
  idleMs: number
}

/** What applies where nothing else is asked. */
export const DEFAULT_TIMEOUTS: Readonly<TransportTimeouts> = { connectMs: 5_000, headersMs: 0, idleMs: 0 }

/** Longer timers overflow the platform's 32 bits and would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** `wishes` of a client's options over the defaults. Throws `bad-config` naming the field at fault. */
export function checkedTimeouts(
  wishes: Partial<TransportTimeouts> | undefined,
  provider: string,
): Readonly<TransportTimeouts> {
  for (const [name, value] of Object.entries(wishes ?? {})) {
    if (value === undefined || (typeof value === 'number' && value >= 0)) continue
    throw new OpenMuxError({
      code: 'bad-config',
      provider,
      field: `timeouts.${name}`,
      message: `timeouts.${name} of ${provider} is ${typeof value === 'number' ? String(value) : typeof value}.`,
      hint: 'Give milliseconds, or 0 for no limit.',
    })
  }
  return mergeTimeouts(DEFAULT_TIMEOUTS, wishes)
}

/** `wishes` over `base`; a wish that is `undefined` counts as absent. */
export function mergeTimeouts(
  base: Readonly<TransportTimeouts>,
  wishes: Partial<TransportTimeouts> | undefined,
): Readonly<TransportTimeouts> {
  if (wishes === undefined) return base
  return {
    connectMs: limit(wishes.connectMs, base.connectMs),
    headersMs: limit(wishes.headersMs, base.headersMs),
    idleMs: limit(wishes.idleMs, base.idleMs),
  }
}

function limit(wish: number | undefined, otherwise: number): number {
  if (wish === undefined || Number.isNaN(wish)) return otherwise
  if (wish === 0 || wish > LONGEST_TIMER_MS) return 0
  // What is left of a deadline that has just passed is negative; that is no wish for "no limit".
  return Math.max(1, wish)
}
