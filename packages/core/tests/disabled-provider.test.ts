import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOpenMux, type Lifecycle, type Provider } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { card, scripted } from './support/scripted-provider.js'

const DISABLED: Lifecycle = {
  stage: 'disabled',
  since: '2025-11-10',
  reason: 'The service answers 410.',
  replacement: '@openmux/provider-hf-local',
  nextReview: '2026-12-14',
}
const SPACE = { model: 'model-1', dimensions: 2, pooling: 'mean', normalized: true } as const
const VECTORS = { model: 'model-1', vectors: [[1, 0]], space: SPACE } as const
const CARD = card('model-1', { tasks: ['chat', 'embeddings'], space: SPACE })

/** Answers everything, and notes every call. */
function watched(id: string, lifecycle: Lifecycle, calls: string[]): Provider {
  const provider = scripted(id, {
    lifecycle,
    cards: [CARD],
    vectors: [VECTORS],
    recommend: async () => [{ model: CARD, reason: 'the only one' }],
  })
  return new Proxy<Provider>(provider, {
    get(target, member, receiver) {
      const value: unknown = Reflect.get(target, member, receiver)
      if (typeof value !== 'function' || member === 'close') return value
      return (...given: unknown[]): unknown => {
        calls.push(`${id}.${String(member)}`)
        return Reflect.apply(value, target, given)
      }
    },
  })
}

const quietly = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined)

describe('a disabled provider', () => {
  it('is never asked anything, whatever is asked for and whoever else is there', async () => {
    const stages = fc.array(fc.record({ disabled: fc.boolean(), forced: fc.boolean() }), { maxLength: 4 })
    const words = fc.record(
      {
        localOnly: fc.boolean(),
        prefer: fc.array(fc.constantFrom('p0', 'p1/model-1', 'model-1', 'p3'), { maxLength: 2 }),
        model: fc.constant('model-1'),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(stages, words, async (kinds, wish) => {
        const calls: string[] = []
        const providers = kinds.map(({ disabled }, index) =>
          watched(`p${index}`, disabled ? DISABLED : { stage: 'active', since: '2026-01-01' }, calls),
        )
        const forceEnabled = kinds.flatMap(({ forced }, index) => (forced ? [`p${index}`] : []))
        await using mux = createOpenMux({ providers, forceEnabled })
        await quietly(mux.chat({ prompt: 'Hi', ...wish }))
        await quietly(mux.stream({ prompt: 'Hi', ...wish }).result())
        await quietly(mux.embed({ input: 'Hi', ...wish }))
        await quietly(mux.explain({ prompt: 'Hi', ...wish }))
        await quietly(mux.models())
        await quietly(mux.providers())
        for (const [index, { disabled, forced }] of kinds.entries()) {
          const asked = calls.filter((call) => call.startsWith(`p${index}.`))
          if (disabled && !forced) expect(asked).toEqual([])
          else expect(asked).toContain(`p${index}.models`)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('stands in the decision record with its code, its reason and what to do', async () => {
    const mux = createOpenMux({ providers: [scripted('gone', { lifecycle: DISABLED }), scripted('other')] })
    const { provider, decision } = await mux.chat('Hi')
    expect(provider).toBe('other')
    const cut = {
      provider: 'gone',
      verdict: 'cut',
      code: 'provider-disabled',
      reasons: ['disabled since 2025-11-10: The service answers 410'],
      remedies: ['Use @openmux/provider-hf-local instead.', 'Or force gone on, if you know that it works.'],
    }
    expect(decision.candidates).toContainEqual(cut)
    expect((await mux.explain('Hi')).candidates).toContainEqual(cut)
  })

  it('is refused with its own code when the request asks for it by name', async () => {
    const mux = createOpenMux({ providers: [scripted('gone', { lifecycle: DISABLED }), scripted('other')] })
    const error = await failureOf(mux.chat({ prompt: 'Hi', provider: 'gone' }))
    expect(error).toMatchObject({
      code: 'provider-disabled',
      provider: 'gone',
      hint: 'Use @openmux/provider-hf-local instead.',
    })
    expect(error.message).not.toContain('..')
  })

  it('without a replacement can still be forced on, and says so', async () => {
    const { replacement: _none, ...lifecycle } = DISABLED
    const error = await failureOf(
      createOpenMux({ providers: [scripted('gone', { lifecycle })] }).embed({ input: 'Hi' }),
    )
    expect(error).toMatchObject({
      code: 'provider-disabled',
      hint: 'Force gone on, if you know that it works.',
    })
  })

  it('takes a replacement that is a sentence as it is', async () => {
    const lifecycle = { ...DISABLED, replacement: 'Ask a server of your own.' }
    const error = await failureOf(createOpenMux({ providers: [scripted('gone', { lifecycle })] }).chat('Hi'))
    expect(error.hint).toBe('Ask a server of your own.')
  })
})

describe('a provider that is forced on', () => {
  it('answers chats, streams and embeddings, and says once that it is disabled', async () => {
    const made = () =>
      createOpenMux({
        providers: [watched('gone', DISABLED, [])],
        // As people write it.
        forceEnabled: ['Gone'],
      })
    const notice =
      'gone is disabled since 2025-11-10: The service answers 410. It answers because gone was forced on.'
    const mux = made()
    expect((await mux.chat('Hi')).warnings).toEqual([{ kind: 'notice', message: notice }])
    expect((await mux.chat('Hi')).warnings).toEqual([])
    expect((await made().stream('Hi').result()).warnings).toEqual([{ kind: 'notice', message: notice }])
    expect((await made().embed('Hi')).warnings).toEqual([{ kind: 'notice', message: notice }])
    const [report] = await mux.providers()
    expect(report).toMatchObject({ enabled: true, readiness: { ready: true } })
  })

  it('is meant by its name alone: another name forces nobody', async () => {
    const mux = createOpenMux({
      providers: [scripted('gone', { lifecycle: DISABLED })],
      forceEnabled: ['elsewhere', ''],
    })
    expect(await failureOf(mux.chat('Hi'))).toMatchObject({
      code: 'provider-disabled',
      remedies: expect.arrayContaining(['Or force gone on, if you know that it works.']),
    })
  })

  it.each([
    ['a number', ['gone', 7], 'forceEnabled[1]'],
    ['a text in place of the list', 'gone', 'forceEnabled'],
  ])('is not meant by %s, which is refused when the orchestrator is made', (_what, given, field) => {
    const make = () =>
      createOpenMux({
        providers: [scripted('gone', { lifecycle: DISABLED })],
        forceEnabled: given as readonly string[],
      })
    expect(make).toThrow(expect.objectContaining({ code: 'bad-config', field }))
  })
})
