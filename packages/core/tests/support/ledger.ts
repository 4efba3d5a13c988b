import fc from 'fast-check'
import {
  type Claim,
  createLedger,
  type ErrorCode,
  type Ledger,
  type LimitRule,
  OpenMuxError,
  type OpenMuxErrorOptions,
  type Target,
} from '../../src/index.js'

/** A Monday, noon UTC. */
export const NOON = Date.UTC(2026, 10, 23, 12)
export const MINUTE = 60_000
export const DAY = 86_400_000

export const FREE_MINUTE: LimitRule = {
  id: 'free-minute',
  scope: 'account',
  unit: 'requests',
  amount: 20,
  window: { kind: 'rolling', ms: MINUTE },
  countsFailures: true,
  source: 'test',
}
export const FREE_DAY: LimitRule = { ...FREE_MINUTE, id: 'free-day', amount: 50, window: { kind: 'utc-day' } }

/** The rules of a service whose `:free` models share allowances. */
export function freeRules(_provider: string, model: string): readonly LimitRule[] {
  return model.endsWith(':free') ? [FREE_MINUTE, FREE_DAY] : []
}

export function target(model = 'model-1', more: Partial<Target> = {}): Target {
  return { provider: 'alpha', origin: 'alpha.example:443', model, ...more }
}

export function failure(code: ErrorCode, more: Partial<OpenMuxErrorOptions> = {}): OpenMuxError {
  return new OpenMuxError({ code, message: 'scripted', ...more })
}

/** An answer with a status: the server saw the request. */
export function refused(
  code: ErrorCode,
  status: number,
  more: Partial<OpenMuxErrorOptions> = {},
): OpenMuxError {
  return failure(code, { upstream: { status }, ...more })
}

/** One request that fails at once. */
export function fail(ledger: Ledger, to: Target, error: OpenMuxError, now: number, random?: number): Claim {
  const claim = ledger.begin(to, now)
  ledger.settle(claim, { result: 'failed', error, durationMs: 1 }, now, random)
  return claim
}

/** One request that is answered at once. */
export function succeed(ledger: Ledger, to: Target, now: number): Claim {
  const claim = ledger.begin(to, now)
  ledger.settle(claim, { result: 'answered', firstTokenMs: 1, durationMs: 2, outputTokens: 2 }, now)
  return claim
}

/** When a target may be used again; `now` when it may be. */
export function usableAt(ledger: Ledger, to: Target, now: number): number | 'never' | undefined {
  return ledger.nextServedAt([to], now)
}

export function ledgerWithRules(): Ledger {
  return createLedger({ rules: freeRules })
}

/** Errors as they come: any code, with any scope and time that fit. */
export function anyError(now: number): fc.Arbitrary<OpenMuxError> {
  const codes: readonly ErrorCode[] = [
    'auth',
    'credits',
    'rate-limit',
    'quota',
    'model-not-found',
    'unavailable',
    'network',
    'timeout',
    'truncated',
    'bad-response',
    'loading',
    'needs-setup',
    'region',
    'bad-request',
    'content-filter',
    'model-fault',
    'aborted',
  ]
  return fc
    .record({
      code: fc.constantFrom(...codes),
      scope: fc.constantFrom(
        undefined,
        'key',
        'account',
        'model',
        'endpoint',
        'provider',
        'machine',
        'request',
      ),
      until: fc.oneof(
        fc.constant(undefined),
        fc.constant('never' as const),
        fc.integer({ min: -DAY, max: 40 * DAY }).map((ms) => now + ms),
      ),
      phase: fc.constantFrom(undefined, 'connect', 'first-token', 'idle', 'total'),
      status: fc.constantFrom(undefined, 429, 500),
    })
    .map(({ code, scope, until, phase, status }) =>
      failure(code, { scope, until, phase, ...(status !== undefined && { upstream: { status } }) }),
    )
}
