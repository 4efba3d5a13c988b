import {
  type Lifecycle,
  type LifecycleStage,
  PROBE_VERDICTS,
  type ProbeCheck,
  type ProbeVerdict,
} from '@openmux/core'
import type { ProbeReport } from 'openmux'
import { describe, expect, it } from 'vitest'
import { type Observation, observeReport } from './disagreements.ts'
import { observeLiveTests } from './live-report.ts'

function check(verdict: ProbeVerdict, changes: Partial<ProbeCheck> = {}): ProbeCheck {
  return {
    id: 'router.chat',
    endpoint: 'POST https://example.com/v1/chat/completions',
    purpose: 'chat',
    task: 'chat',
    expected: 'as-expected',
    verdict,
    evidence: 'HTTP 410: gone for good',
    spent: false,
    durationMs: 12,
    ...changes,
  }
}

function report(stage: LifecycleStage, ...checks: readonly ProbeCheck[]): ProbeReport {
  const lifecycle: Lifecycle = { stage, since: '2026-11-23' }
  return {
    version: 1,
    date: '2026-11-24T05:17:00.000Z',
    spend: false,
    packages: {},
    providers: [{ id: 'hf-remote', name: 'Hugging Face', lifecycle, checks }],
  }
}

/** What becomes of each verdict under a stage, on the first run and when the last one saw the same. */
function fates(stage: LifecycleStage): Readonly<Record<string, readonly string[]>> {
  const fate = ({ disagreements, settled }: Observation): string =>
    disagreements.length > 0 ? 'disagrees' : settled.size > 0 ? 'settled' : 'open'
  return Object.fromEntries(
    PROBE_VERDICTS.map((verdict) => {
      const now = report(stage, check(verdict))
      return [verdict, [fate(observeReport(now, undefined)), fate(observeReport(now, now))]]
    }),
  )
}

describe('a verdict against a manifest', () => {
  it.each(['experimental', 'active', 'deprecated'] as const)(
    '%s: what is gone, moved or changed disagrees',
    (stage) => {
      expect(fates(stage)).toEqual({
        'as-expected': ['settled', 'settled'],
        'works-again': ['disagrees', 'disagrees'],
        moved: ['disagrees', 'disagrees'],
        gone: ['disagrees', 'disagrees'],
        'changed-shape': ['disagrees', 'disagrees'],
        // The account is empty, and the service as believed.
        quota: ['settled', 'settled'],
        // Told when it lasts.
        unauthorised: ['open', 'disagrees'],
        unreachable: ['open', 'disagrees'],
        'not-checked': ['open', 'open'],
      })
    },
  )

  it('disabled: only that it answers disagrees, also when the check itself found what it expected', () => {
    const { 'as-expected': works, 'works-again': again, ...others } = fates('disabled')
    expect([works, again]).toEqual([
      ['disagrees', 'disagrees'],
      ['disagrees', 'disagrees'],
    ])
    expect(Object.values(others).flat()).not.toContain('disagrees')
    const [one] = observeReport(report('disabled', check('as-expected')), undefined).disagreements
    expect(one).toMatchObject({
      kind: 'works-again',
      found: expect.stringContaining('disabled since 2026-11-23'),
      advice: expect.stringContaining('enable it in the manifest'),
    })
  })

  it('disabled: a list that still answers is no service', () => {
    const { task: _task, ...list } = check('as-expected', { id: 'hub.whoami' })
    expect(observeReport(report('disabled', list), undefined).disagreements).toEqual([])
  })

  it('a retired address that is still gone agrees, and one that works again does not', () => {
    const gone = check('gone', { id: 'retired.host', expected: 'gone' })
    expect(observeReport(report('active', gone), undefined)).toMatchObject({ disagreements: [] })
    const back = check('works-again', { id: 'retired.host', expected: 'gone' })
    expect(observeReport(report('active', back), undefined).disagreements).toMatchObject([
      { kind: 'works-again' },
    ])
  })

  it('deprecated: what is gone now is to be disabled', () => {
    const [one] = observeReport(report('deprecated', check('gone')), undefined).disagreements
    expect(one?.advice).toContain('set the stage to disabled')
  })

  it('lasting is of one check: the other one of the last run does not count', () => {
    const other = report('active', check('unreachable', { id: 'router.models' }))
    expect(observeReport(report('active', check('unreachable')), other).disagreements).toEqual([])
  })
})

describe('the report of the live tests', () => {
  const result = (
    title: string,
    status: string,
    message = '',
    group = 'live: openrouter, active since 2026-11-23',
  ) => ({
    ancestorTitles: [group],
    title,
    status,
    failureMessages: message === '' ? [] : [message],
  })
  const text = (...assertionResults: readonly object[]): string =>
    JSON.stringify({ testResults: [{ assertionResults }] })

  it('says what failed and what passed; a skip settles nothing', () => {
    const { disagreements, settled } = observeLiveTests(
      text(
        result(
          'chats',
          'failed',
          'Error: active, but it fails with endpoint-gone: HTTP 410\n    at somewhere',
        ),
        result('lists models', 'passed'),
        result('embeds (skipped: no key)', 'skipped'),
        result('of another file', 'failed', 'x', 'the judgement'),
      ),
    )
    expect(disagreements).toMatchObject([
      {
        provider: 'openrouter',
        subject: 'live test: chats',
        kind: 'live-test',
        found: 'active, but it fails with endpoint-gone: HTTP 410',
      },
    ])
    expect([...settled]).toEqual(['openrouter live test: lists models'])
  })

  it('leaves to the probe what time cures', () => {
    const passing = result(
      'chats',
      'failed',
      'Error: active, but it fails with network: the name cannot be looked up',
    )
    expect(observeLiveTests(text(passing))).toEqual({ disagreements: [], settled: new Set() })
  })

  it.each(['', '{}', '[1]', '<html>'])('is refused when it is none: %j', (broken) => {
    expect(() => observeLiveTests(broken)).toThrow(
      expect.objectContaining({ code: 'bad-request', field: '--live' }),
    )
  })
})
