import type { Lifecycle, ProbeCheck, ProbeVerdict, Task } from '@openmux/core'
import type { ProbedProvider, ProbeReport } from '../../src/index.js'

/** A check of a route for chat, found as given. */
export function check(id: string, verdict: ProbeVerdict, changes: Partial<ProbeCheck> = {}): ProbeCheck {
  return {
    id,
    endpoint: `POST https://example.com/${id}`,
    purpose: 'a purpose',
    expected: 'as-expected',
    verdict,
    evidence: `evidence of ${id}`,
    spent: false,
    durationMs: 3,
    ...changes,
  }
}

/** The same, for requests of a task. */
export function route(id: string, verdict: ProbeVerdict, task: Task = 'chat'): ProbeCheck {
  return check(id, verdict, { task })
}

/** An address that is believed to be gone. */
export function retired(id: string, verdict: ProbeVerdict): ProbeCheck {
  return check(id, verdict, { expected: 'gone' })
}

/** One provider with these checks. */
export function probed(
  checks: readonly ProbeCheck[],
  lifecycle: Partial<Lifecycle> = {},
  id = 'acme',
): ProbedProvider {
  return {
    id,
    name: id,
    package: `@openmux/provider-${id}`,
    lifecycle: { stage: 'active', since: '2026-01-01', ...lifecycle },
    checks,
  }
}

/** A report of these providers. */
export function report(...providers: readonly ProbedProvider[]): ProbeReport {
  return {
    version: 1,
    date: '2026-11-23T10:00:00.000Z',
    spend: false,
    packages: { openmux: '1.0.0' },
    providers,
  }
}
