import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Action, decide, type RunFacts } from './decide.ts'
import { type Disagreement, type Observation, pointOf } from './disagreements.ts'
import type { OpenIssue } from './issues-client.ts'

const RUN: RunFacts = { at: '2026-11-23T05:17:00.000Z', url: 'https://example.com/runs/1' }
const GONE: Disagreement = {
  provider: 'hf-remote',
  subject: 'router.chat',
  kind: 'gone',
  found: 'gone: HTTP 410',
  advice: 'Mend it.',
}
const MOVED: Disagreement = { ...GONE, subject: 'router.embeddings', kind: 'moved', found: 'moved: HTTP 308' }

function seen(disagreements: readonly Disagreement[], settled: readonly Disagreement[] = []): Observation {
  return { disagreements, settled: new Set(settled.map(pointOf)) }
}

function issueOf(action: Action, number: number): OpenIssue {
  if (action.kind !== 'create' && action.kind !== 'update')
    throw new Error(`nothing was written: ${action.kind}`)
  return { number, title: action.title, body: action.body }
}

function opened(disagreements: readonly Disagreement[], number = 7): OpenIssue {
  return issueOf(decide(seen(disagreements), [], RUN), number)
}

describe('what to do about the issue', () => {
  it('nothing, while all agrees and none is open', () => {
    expect(decide(seen([]), [], RUN)).toMatchObject({ kind: 'nothing', duplicates: [] })
  })

  it('opens one for what disagrees, with the evidence, what to do and the run', () => {
    const action = decide(seen([GONE, MOVED]), [], RUN)
    expect(action).toMatchObject({
      kind: 'create',
      title: 'Upstream drift: hf-remote no longer as our packages say',
    })
    const { body } = issueOf(action, 7)
    for (const words of ['router.chat', 'HTTP 410', 'Mend it.', RUN.url ?? '', RUN.at])
      expect(body).toContain(words)
  })

  it('opens one when a disabled back end works again, and the title says so', () => {
    const again: Disagreement = { ...GONE, kind: 'works-again', found: 'works-again: HTTP 200' }
    expect(decide(seen([again]), [], RUN)).toMatchObject({ title: 'Upstream drift: hf-remote works again' })
  })

  it('does nothing while the same disagrees, whatever the order and the words of the evidence', () => {
    const issue = opened([GONE, MOVED])
    const later = [MOVED, { ...GONE, found: 'gone: HTTP 410, request 4711' }]
    expect(decide(seen(later), [issue], { at: '2026-11-24T05:17:00.000Z' }).kind).toBe('nothing')
  })

  it('updates the one that is open when something else disagrees', () => {
    const action = decide(seen([GONE, MOVED]), [opened([GONE])], RUN)
    expect(action).toMatchObject({ kind: 'update', number: 7 })
    expect(issueOf(action, 7).body).toContain('router.embeddings')
  })

  it('updates it when one of two points agrees again', () => {
    const action = decide(seen([MOVED], [GONE]), [opened([GONE, MOVED])], RUN)
    expect(action).toMatchObject({ kind: 'update', number: 7 })
    expect(issueOf(action, 7).body).not.toContain('router.chat')
  })

  it('closes it when all agrees again', () => {
    expect(decide(seen([], [GONE]), [opened([GONE])], RUN)).toMatchObject({ kind: 'close', numbers: [7] })
  })

  it('leaves it as it is while its points cannot be looked at: silence is no recovery', () => {
    expect(decide(seen([]), [opened([GONE])], RUN)).toMatchObject({ kind: 'nothing' })
    const action = decide(seen([MOVED]), [opened([GONE])], RUN)
    expect(issueOf(action, 7).body).toContain('could not be looked at in this run')
    expect(decide(seen([], [MOVED]), [issueOf(action, 7)], RUN)).toMatchObject({ kind: 'update' })
    expect(decide(seen([], [MOVED, GONE]), [issueOf(action, 7)], RUN)).toMatchObject({ kind: 'close' })
  })

  it('leaves issues of people alone, even with the label', () => {
    const theirs = { number: 3, title: 'Upstream drift', body: 'Is it down for you, too?' }
    expect(decide(seen([GONE]), [theirs], RUN).kind).toBe('create')
    expect(decide(seen([]), [theirs], RUN).kind).toBe('nothing')
  })

  it('writes anew what a person has made of the mark', () => {
    const broken = { ...opened([GONE]), body: 'edited <!-- openmux-drift: bm9uc2Vuc2U -->' }
    expect(decide(seen([GONE]), [broken], RUN)).toMatchObject({ kind: 'update', number: 7 })
  })

  it('keeps the first of two that were opened at once, and closes the other', () => {
    const issues = [opened([GONE], 9), opened([GONE], 7)]
    expect(decide(seen([GONE]), issues, RUN)).toMatchObject({ kind: 'nothing', duplicates: [9] })
    expect(decide(seen([GONE, MOVED]), issues, RUN)).toMatchObject({
      kind: 'update',
      number: 7,
      duplicates: [9],
    })
    expect(decide(seen([], [GONE]), issues, RUN)).toMatchObject({ kind: 'close', numbers: [7, 9] })
  })

  it('makes no markup, mention, reference or mark out of the words of an upstream', () => {
    const words = '<script>x</script> | @everyone fixes #1 <!-- openmux-drift: W10 --> ![x](http://x) \\| `y`'
    const { body } = opened([{ ...GONE, found: words }])
    expect(body).not.toContain('<script>')
    expect(body).not.toContain('@everyone')
    expect(body).not.toMatch(/#1\b/)
    expect(body).not.toContain('![x](')
    expect(body.match(/<!--/g)).toHaveLength(1)
    const row = body.split('\n').find((line) => line.includes('router.chat')) ?? ''
    expect(row.replaceAll(/\\./g, '').split('|')).toHaveLength(6)
  })

  const disagreement = fc.record({
    provider: fc.constantFrom('hf-remote', 'openrouter'),
    subject: fc.string({ maxLength: 20, unit: 'grapheme' }),
    kind: fc.constantFrom('gone' as const, 'moved' as const, 'works-again' as const, 'live-test' as const),
    found: fc.string({ maxLength: 500 }),
    advice: fc.string({ maxLength: 50 }),
  })
  const some = fc.array(disagreement, { minLength: 1, maxLength: 6 })

  it('comes to rest: what was written is found again, the next run changes nothing, and all settled closes it', () => {
    fc.assert(
      fc.property(some, some, (first, second) => {
        const issue = opened(first)
        expect(decide(seen(first.toReversed()), [issue], RUN).kind).toBe('nothing')
        const action = decide(seen(second, first), [issue], RUN)
        const after = action.kind === 'nothing' ? issue : issueOf(action, 7)
        expect(decide(seen(second, first), [after], RUN).kind).toBe('nothing')
        expect(decide(seen([], [...first, ...second]), [after], RUN).kind).toBe('close')
      }),
    )
  })
})
