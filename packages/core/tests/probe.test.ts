import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CallContext,
  ERROR_CODES,
  type ErrorCode,
  EVIDENCE_LIMIT,
  OpenMuxError,
  PROBE_VERDICTS,
  systemClock,
} from '../src/index.js'
import {
  failureFinding,
  foundWithoutKey,
  notChecked,
  probeCheck,
  type ProbeFinding,
  routeFinding,
  spendChecks,
  type TriedProvider,
} from '../src/probe/index.js'
import { ManualClock } from './support/manual-clock.js'

const QUESTION = { id: 'list', endpoint: 'GET https://example.com/list', purpose: 'the list' }
const CODES = Object.keys(ERROR_CODES) as ErrorCode[]

function context(changes: Partial<CallContext> = {}): CallContext {
  return { signal: new AbortController().signal, clock: systemClock, ...changes }
}

function failure(code: ErrorCode, status?: number, body?: string): OpenMuxError {
  const upstream = { ...(status !== undefined && { status }), ...(body !== undefined && { body }) }
  return new OpenMuxError({ code, message: 'our words', upstream })
}

describe('a check', () => {
  test('keeps what was found, and how long it took by the clock of the call', async () => {
    const clock = new ManualClock()
    const made = await probeCheck({ ...QUESTION, task: 'chat' }, context({ clock }), async () => {
      await clock.advance(40)
      return { verdict: 'as-expected', evidence: 'HTTP 200: 3 models', status: 200 }
    })
    expect(made).toEqual({
      ...QUESTION,
      task: 'chat',
      expected: 'as-expected',
      verdict: 'as-expected',
      status: 200,
      evidence: 'HTTP 200: 3 models',
      spent: false,
      durationMs: 40,
    })
  })

  test('of what is believed gone says so, or that it works again', async () => {
    const belief = { ...QUESTION, expected: 'gone' } as const
    const gone = await probeCheck(belief, context(), () => Promise.reject(failure('endpoint-gone', 410)))
    expect([gone.verdict, gone.expected]).toEqual(['gone', 'gone'])
    const back = await probeCheck(belief, context(), async () => ({ verdict: 'as-expected', evidence: 'hi' }))
    expect([back.verdict, back.expected]).toEqual(['works-again', 'gone'])
  })

  test('that was not made tells why', () => {
    expect(notChecked(QUESTION, 'no key is set')).toMatchObject({
      verdict: 'not-checked',
      evidence: 'no key is set',
      durationMs: 0,
    })
  })

  test('throws nothing but that the caller left', async () => {
    const rejected = probeCheck(QUESTION, context(), () => Promise.reject(failure('aborted')))
    await expect(rejected).rejects.toMatchObject({ code: 'aborted' })
    const broken = await probeCheck(QUESTION, context(), () => Promise.reject(new TypeError('oops')))
    expect(broken).toMatchObject({ verdict: 'unreachable', evidence: expect.stringContaining('oops') })
  })

  test('shows no key and no more than a short line, whatever comes', async () => {
    const secret = 'canary-4711-secret'
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 2_000 }), fc.string(), async (before, after) => {
        const evidence = `${before}\n${secret} hf_${'c'.repeat(30)}${after}`
        const look = async (): Promise<ProbeFinding> => ({ verdict: 'changed-shape', evidence })
        const made = await probeCheck({ ...QUESTION, secrets: [secret] }, context(), look)
        expect(made.evidence).not.toContain('canary-4711')
        expect(made.evidence).not.toContain('cccccccc')
        expect(made.evidence).not.toMatch(/[\n\t]/)
        expect(made.evidence.length).toBeLessThanOrEqual(EVIDENCE_LIMIT)
      }),
    )
  })
})

describe('what a failure means', () => {
  test.each([
    ['gone', 'not-found', 404],
    ['gone', 'endpoint-gone', 410],
    ['moved', 'endpoint-moved', 308],
    ['changed-shape', 'bad-response', 200],
    ['changed-shape', 'bad-request', 400],
    ['unauthorised', 'auth', 401],
    ['unauthorised', 'region', 451],
    ['quota', 'credits', 402],
    ['quota', 'rate-limit', 429],
    ['unreachable', 'network', undefined],
    ['unreachable', 'timeout', undefined],
    ['unreachable', 'unavailable', 503],
    ['gone', 'needs-setup', 404],
    ['unauthorised', 'needs-setup', 403],
  ] as const)('%s: %s (%s)', (verdict, code, status) => {
    expect(failureFinding(failure(code, status)).verdict).toBe(verdict)
  })

  test('every code has a verdict', () => {
    for (const code of CODES) {
      expect(PROBE_VERDICTS).toContain(failureFinding(failure(code)).verdict)
      expect(PROBE_VERDICTS).toContain(routeFinding(failure(code)).verdict)
    }
  })

  test.each(['bad-request', 'model-not-found', 'model-not-served', 'unsupported'] as const)(
    'a refusal in words about the request (%s) proves the route',
    (code) => {
      expect(routeFinding(failure(code, 400)).verdict).toBe('as-expected')
      // With 410 it is the route that was retired, whatever the words.
      expect(routeFinding(failure(code, 410)).verdict).toBe('gone')
    },
  )

  test.each([
    ['not-found', 'gone'],
    ['auth', 'unauthorised'],
    ['unavailable', 'unreachable'],
    ['bad-response', 'changed-shape'],
  ] as const)('%s proves no route', (code, verdict) => {
    expect(routeFinding(failure(code, 404)).verdict).toBe(verdict)
  })

  test('the evidence is what the upstream said, not what we say of it', () => {
    expect(failureFinding(failure('not-found', 404, 'Cannot POST /x')).evidence).toBe(
      'HTTP 404: Cannot POST /x',
    )
    expect(failureFinding(failure('bad-response', 200, '<html>')).evidence).toBe('HTTP 200: our words')
    expect(failureFinding(failure('network')).evidence).toBe('our words')
  })

  test('a refusal by somebody who was sent no key tells nothing', () => {
    expect(foundWithoutKey(failureFinding(failure('auth', 401))).verdict).toBe('not-checked')
    expect(foundWithoutKey(failureFinding(failure('endpoint-gone', 410))).verdict).toBe('gone')
  })
})

describe('trials', () => {
  const endpoints = { chat: 'POST https://example.com/chat', embeddings: 'POST https://example.com/embed' }
  const card = { id: 'tiny', tasks: ['chat', 'code', 'embeddings'], state: 'hosted', free: true } as const
  const answers: TriedProvider = {
    tasks: ['chat', 'embeddings'],
    models: async () => [card],
    async *chat() {
      yield { type: 'start', model: 'tiny', warnings: [] }
      yield { type: 'text', text: 'OK' }
      yield { type: 'finish', reason: 'stop' }
    },
    embed: async () => ({
      vectors: [[1, 0]],
      model: 'tiny',
      space: { model: 'tiny', dimensions: 2, pooling: 'mean', normalized: true },
    }),
  }
  const tried = (provider: TriedProvider, spend = true, call = context()) =>
    spendChecks(provider, { spend, endpoints }, call)

  test('one for each task, marked as spent', async () => {
    expect((await tried(answers)).map(({ id, verdict, spent, task }) => [id, verdict, spent, task])).toEqual([
      ['spend.chat', 'as-expected', true, 'chat'],
      ['spend.embeddings', 'as-expected', true, 'embeddings'],
    ])
  })

  test('none without leave, and none where something is in the way', async () => {
    const forbidden: TriedProvider = {
      ...answers,
      models: () => Promise.reject(new Error('it was asked')),
      chat: () => {
        throw new Error('it was asked')
      },
    }
    for (const check of await tried(forbidden, false))
      expect(check).toMatchObject({ verdict: 'not-checked', spent: false })
    const terms = { spend: true, obstacle: 'no key is set', endpoints }
    for (const check of await spendChecks(forbidden, terms, context()))
      expect(check).toMatchObject({ verdict: 'not-checked', evidence: 'no key is set' })
  })

  test('takes a free model before a dear one, and never one that must be downloaded', async () => {
    const named: string[] = []
    const chat: NonNullable<TriedProvider['chat']> = async function* ({ model }) {
      named.push(model)
      yield { type: 'finish', reason: 'stop' }
    }
    const dear = { ...card, id: 'dear', free: false }
    const far = { ...card, id: 'far', state: 'downloadable' } as const
    const chats: TriedProvider = { ...answers, tasks: ['chat'], chat, models: async () => [far, dear, card] }
    await tried(chats)
    expect(named).toEqual(['tiny'])
    const [none] = await tried({ ...chats, models: async () => [far] })
    expect(none).toMatchObject({ verdict: 'not-checked', spent: false })
  })

  test('an answer that ends without its end has changed its form', async () => {
    const cut: TriedProvider = {
      ...answers,
      tasks: ['chat'],
      async *chat() {
        yield { type: 'text', text: 'half' }
      },
    }
    expect((await tried(cut))[0]).toMatchObject({ verdict: 'changed-shape', spent: true })
  })

  test('one that takes too long is unreachable; a caller who leaves is not waited for', async () => {
    const clock = new ManualClock()
    let began = (): void => undefined
    const begun = new Promise<void>((resolve) => {
      began = resolve
    })
    const hangs: TriedProvider = {
      ...answers,
      tasks: ['chat'],
      // oxlint-disable-next-line require-yield
      async *chat(_request, { signal }) {
        began()
        if (signal.aborted) throw failure('aborted')
        await new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(failure('aborted'))),
        )
      },
    }
    const running = tried(hangs, true, context({ clock }))
    await begun
    await clock.advance(120_000)
    expect((await running)[0]).toMatchObject({ verdict: 'unreachable', spent: true })
    const leaving = new AbortController()
    const left = tried(hangs, true, context({ signal: leaving.signal }))
    const rejection = left.catch((error: unknown) => error)
    await begun
    leaving.abort()
    expect(await rejection).toMatchObject({ code: 'aborted' })
  })
})
