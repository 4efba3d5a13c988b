import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Capability, createOpenMux, OpenMuxError } from '../src/index.js'
import { readPolicy } from '../src/plan/policies.js'
import { orderProviders } from '../src/plan/order-providers.js'
import type { Routing } from '../src/plan/routing.js'
import { findModelId } from '../src/plan/spelling.js'
import { didYouMean, nearestNames } from '../src/names/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock } from './support/manual-clock.js'
import { ALL_CAPABILITIES, answer, card, scripted } from './support/scripted-provider.js'

const tool = { name: 'weather', parameters: {} }
const missing = (): OpenMuxError => new OpenMuxError({ code: 'model-not-found', message: 'no such model' })

describe('preferences and pins', () => {
  const providers = () => [
    scripted('ollama', { name: 'Ollama' }),
    scripted('hf-local', { name: 'Hugging Face in process', aliases: ['transformers.js'] }),
  ]

  for (const spelling of [
    'hf-local',
    'HF-Local',
    'hf local',
    'hflocal',
    'HuggingFace in process',
    'Transformers.JS',
  ]) {
    it(`"${spelling}" means hf-local`, async () => {
      expect(
        (await createOpenMux({ providers: providers() }).chat({ prompt: 'Hi', prefer: [spelling] })).provider,
      ).toBe('hf-local')
      expect(
        (await createOpenMux({ providers: providers() }).chat({ prompt: 'Hi', provider: spelling })).provider,
      ).toBe('hf-local')
    })
  }

  it('keeps the order the caller gave', async () => {
    const three = ['a', 'b', 'c'].map((id) => scripted(id))
    const { candidates } = await createOpenMux({ providers: three }).explain({
      prompt: 'Hi',
      prefer: ['c', 'a'],
    })
    expect(candidates.map(({ provider }) => provider)).toEqual(['c', 'a', 'b'])
  })

  it('puts whoever has a preferred model first', async () => {
    const openmux = createOpenMux({
      providers: [scripted('first'), scripted('second', { cards: [card('other'), card('qwen3:0.6b')] })],
    })
    const result = await openmux.chat({ prompt: 'Hi', prefer: ['Qwen3'] })
    expect(result.attempts[0]).toMatchObject({ provider: 'second', model: 'qwen3:0.6b' })
  })

  it('takes a preference as a wish and no pin: what is not there is not missed', async () => {
    const cards = [card('m1'), card('m2'), card('m3')]
    const ask = async (prefer: string[]): Promise<string[]> => {
      const { candidates } = await createOpenMux({ providers: [scripted('a', { cards })] }).explain({
        prompt: 'Hi',
        prefer,
      })
      return candidates.flatMap(({ model }) => model ?? [])
    }
    expect(await ask(['a/nosuch'])).toEqual(['nosuch', 'm1', 'm2'])
    expect((await ask(['nosuch', 'm2']))[0]).toBe('m2')
    expect(await ask(['a/m3', 'a/m2'])).toEqual(['m3', 'm2', 'm1'])
    expect(await ask(['m3'])).toEqual(['m3', 'm1'])
    expect((await ask(['olama']))[0]).toBe('m1')
  })

  it('tries what the caller prefers in the caller’s order, and the rest of each provider after that', async () => {
    const a = scripted('a', {
      cards: [card('a1'), card('a2')],
      answers: [[missing()], [missing()], answer('a1')],
    })
    const b = scripted('b', { cards: [card('b1')], answers: [[missing()]] })
    const openmux = createOpenMux({ providers: [a, b] })
    const result = await openmux.chat({ prompt: 'Hi', prefer: ['a/nosuch', 'b'] })
    expect(result.attempts.map(({ provider, model }) => `${provider}/${model}`)).toEqual(
      ['a/nosuch', 'b/b1', 'a/a1', 'a/a2'].slice(0, result.attempts.length),
    )
    expect(result.attempts.length).toBeGreaterThan(2)
  })

  it('pins provider and model with one word', async () => {
    const second = scripted('second', { cards: [card('org/Model-B'), card('model-a')] })
    await createOpenMux({ providers: [scripted('first'), second] }).chat({
      prompt: 'Hi',
      model: 'Second/model-b',
    })
    expect(second.asked[0]?.model).toBe('org/Model-B')
  })

  it('never leaves a pinned provider, even when it fails', async () => {
    const down = new OpenMuxError({ code: 'network', message: 'down' })
    const other = scripted('other')
    const error = await failureOf(
      createOpenMux({ providers: [other, scripted('pinned', { answers: [[down]] })] }).chat({
        prompt: 'Hi',
        provider: 'pinned',
      }),
    )
    expect(error.code).toBe('network')
    expect(other.asked).toHaveLength(0)
  })

  it('names the nearest providers and models for an unknown one', async () => {
    const openmux = createOpenMux({
      providers: [scripted('ollama', { cards: [card('llama3.2:1b'), card('gemma3')] })],
    })
    expect(await failureOf(openmux.chat({ prompt: 'Hi', provider: 'olama' }))).toMatchObject({
      code: 'bad-request',
      field: 'provider',
      hint: 'Did you mean ollama?',
    })
    expect(await failureOf(openmux.chat({ prompt: 'Hi', model: 'lama3.2:1b' }))).toMatchObject({
      code: 'model-not-found',
      hint: 'Did you mean llama3.2:1b?',
    })
  })

  it('reads model names from the strictest to the loosest way and never guesses between two', () => {
    const ids = [
      'llama3.2:1b',
      'llama3.2:3b',
      'Qwen3:latest',
      'onnx-community/SmolLM2-135M-ONNX',
      'gemma3-270m',
    ]
    expect(findModelId('llama3.2:1b', ids)).toBe('llama3.2:1b')
    expect(findModelId('qwen3', ids)).toBe('Qwen3:latest')
    expect(findModelId('smollm2 135m onnx', ids)).toBe('onnx-community/SmolLM2-135M-ONNX')
    expect(findModelId('llama3.2', ids)).toBeUndefined()
    expect(findModelId('llama3.2:7b', ids)).toBeUndefined()
    expect(findModelId('gemma3-270m:q4', ids)).toBeUndefined()
    expect(nearestNames('gemma', ids)).toContain('gemma3-270m')
    expect(nearestNames('gema3', ids)).toEqual(['gemma3-270m'])
    expect(nearestNames('lama3.2', ids)).toEqual(['llama3.2:1b', 'llama3.2:3b'])
    expect(nearestNames('smolm2', ids)).toEqual(['onnx-community/SmolLM2-135M-ONNX'])
    expect(nearestNames('mistral', ids)).toEqual([])
    expect(nearestNames('llama3.2:70b-instruct', ids)).toEqual(['llama3.2:1b', 'llama3.2:3b'])
    expect(nearestNames('llama3.2', ['llama3.1:8b', 'llama3.2:1b'])[0]).toBe('llama3.2:1b')
    expect(nearestNames('x'.repeat(1_000_000), ids)).toEqual([])
    expect(nearestNames(':', ids)).toEqual([])
    expect(didYouMean('OLAMA', ['openrouter', 'ollama'])).toBe('ollama')
    expect(didYouMean('baseurl', ['apiKey', 'baseURL'])).toBe('baseURL')
    expect(didYouMean('mistral', ['ollama'])).toBeUndefined()
    expect(didYouMean('x', [])).toBeUndefined()
    const local = ['openmux-test/tiny-chat', 'Qwen/Qwen2.5']
    expect(nearestNames('tiny-caht', local)).toEqual(['openmux-test/tiny-chat'])
    expect(nearestNames('qwen', local)).toEqual(['Qwen/Qwen2.5'])
    expect(nearestNames('something-else-entirely', local)).toEqual([])
  })

  it('finds every id by its own spelling, whatever the id', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 }), (ids) => {
        for (const id of ids) expect(findModelId(id, ids)).toBe(id)
      }),
    )
  })
})

describe('floors', () => {
  it('cut what cannot serve, with the reason, and never cross', async () => {
    const remote = scripted('remote', { locality: 'remote' })
    const blind = scripted('blind', { supports: { ...ALL_CAPABILITIES, vision: false } })
    const openmux = createOpenMux({ providers: [remote, blind] })
    const image = {
      role: 'user' as const,
      content: [{ type: 'image' as const, mediaType: 'image/png', base64: 'AA==' }],
    }
    const error = await failureOf(openmux.chat({ messages: [image], localOnly: true }))
    expect(error.code).toBe('no-candidate')
    expect(error.message).toContain('remote: the request must stay on this machine')
    expect(error.message).toContain('blind: cannot see images')
    expect(remote.asked.length + blind.asked.length).toBe(0)
  })

  it('use the model card too: an image for a text model is unsupported', async () => {
    const text = scripted('only', { cards: [card('text-model', { supports: { vision: false } })] })
    const image = {
      role: 'user' as const,
      content: [{ type: 'image' as const, mediaType: 'image/png', base64: 'AA==' }],
    }
    expect((await failureOf(createOpenMux({ providers: [text] }).chat({ messages: [image] }))).code).toBe(
      'unsupported',
    )
  })

  it('keep a request that must stay here from models hosted elsewhere, whoever recommends them', async () => {
    const cloud = card('big-cloud', { state: 'hosted', free: false })
    const forwarding = scripted('forwarding', {
      cards: [cloud],
      recommend: async () => [{ model: cloud, reason: 'the best there is' }],
    })
    const openmux = createOpenMux({ providers: [forwarding, scripted('here')] })
    expect((await openmux.chat('Hi')).provider).toBe('forwarding')
    expect((await openmux.chat({ prompt: 'Hi', localOnly: true })).provider).toBe('here')
    const pinned = failureOf(openmux.chat({ prompt: 'Hi', localOnly: true, model: 'forwarding/big-cloud' }))
    expect((await pinned).code).toBe('unsupported')
  })

  it('hold for every combination: no candidate lacks what the request needs', () => {
    const names = Object.keys(ALL_CAPABILITIES) as Capability[]
    const providerLike = fc.record({
      local: fc.boolean(),
      disabled: fc.boolean(),
      supports: fc.record(
        Object.fromEntries(names.map((name) => [name, fc.boolean()])) as Record<
          Capability,
          fc.Arbitrary<boolean>
        >,
      ),
    })
    fc.assert(
      fc.property(
        fc.array(providerLike, { maxLength: 6 }),
        fc.subarray(names),
        fc.boolean(),
        (given, capabilities, localOnly) => {
          const providers = given.map(({ local, disabled, supports }, index) =>
            scripted(`p${index}`, {
              supports,
              locality: local ? 'local' : 'remote',
              lifecycle: { stage: disabled ? 'disabled' : 'active', since: '2026-01-01' },
            }),
          )
          const policy = readPolicy('ordered')
          const routing: Routing = {
            need: { task: 'chat', capabilities, localOnly },
            policy,
            preferences: [],
          }
          const order = orderProviders(routing, providers, new Set())
          expect(order.considered.length + order.cut.length).toBe(providers.length)
          for (const { provider } of order.considered) {
            expect(provider.lifecycle.stage).not.toBe('disabled')
            if (localOnly) expect(provider.locality).toBe('local')
            for (const capability of capabilities) expect(provider.supports[capability]).toBe(true)
          }
          expect(orderProviders(routing, providers, new Set())).toEqual(order)
        },
      ),
    )
  })
})

describe('readiness', () => {
  const notReady = { ready: false as const, reason: 'not running', remedies: ['ollama serve'] }

  it('skips who is not ready without spending an attempt', async () => {
    const result = await createOpenMux({
      providers: [scripted('asleep', { readiness: notReady }), scripted('awake')],
      maxAttempts: 1,
    }).chat('Hi')
    expect(result.provider).toBe('awake')
    expect(result.attempts).toHaveLength(1)
    expect(result.decision.candidates.at(-1)).toMatchObject({
      provider: 'asleep',
      verdict: 'cut',
      remedies: ['ollama serve'],
    })
  })

  it('lists everybody’s reason and remedies when nobody is ready', async () => {
    const error = await failureOf(
      createOpenMux({ providers: [scripted('asleep', { readiness: notReady })] }).chat('Hi'),
    )
    expect(error).toMatchObject({ code: 'no-candidate', remedies: ['ollama serve'], hint: 'ollama serve' })
    expect(error.message).toContain('asleep: not running')
  })

  it('is asked once for requests in a row, and again after a failure', async () => {
    const clock = new ManualClock()
    let asked = 0
    const provider = scripted('only', {
      readiness: async () => {
        asked += 1
        return { ready: true }
      },
      answers: [
        answer('1'),
        answer('2'),
        [new OpenMuxError({ code: 'network', message: 'down' })],
        answer('4'),
      ],
    })
    const openmux = createOpenMux({ providers: [provider], clock })
    await Promise.all([openmux.chat('1'), openmux.chat('2')])
    expect(asked).toBe(1)
    await failureOf(openmux.chat('3'))
    await openmux.chat('4')
    expect(asked).toBe(2)
    await clock.advance(31_000)
    await openmux.chat('5')
    expect(asked).toBe(3)
  })

  it('that never comes counts as not ready after three seconds', async () => {
    const clock = new ManualClock()
    const silent = scripted('silent', { readiness: () => new Promise(() => undefined) })
    const result = await clock.runUntil(
      createOpenMux({ providers: [silent, scripted('second')], clock }).chat('Hi'),
    )
    expect(result.provider).toBe('second')
  })

  it('is not the concern of a caller who leaves: the others still get the answer', async () => {
    const gate = Promise.withResolvers<{ ready: true }>()
    const openmux = createOpenMux({ providers: [scripted('slow', { readiness: () => gate.promise })] })
    const controller = new AbortController()
    const leaver = failureOf(openmux.chat({ prompt: 'a', signal: controller.signal }))
    const stayer = openmux.chat('b')
    controller.abort()
    expect((await leaver).code).toBe('aborted')
    gate.resolve({ ready: true })
    expect((await stayer).text).toBe('Hello')
  })

  it('a provider that cannot list its models is passed over with its own reason', async () => {
    const odd = scripted('odd', {
      cards: new OpenMuxError({ code: 'bad-response', message: 'HTML instead of JSON' }) as unknown as Error,
    })
    const result = await createOpenMux({ providers: [odd, scripted('second')] }).chat('Hi')
    expect(result.decision.candidates.at(-1)).toMatchObject({
      provider: 'odd',
      verdict: 'cut',
      reasons: ['HTML instead of JSON'],
    })
  })
})

describe('explain', () => {
  it('tells the same story as the run', async () => {
    const providers = () => [
      scripted('asleep', { readiness: { ready: false, reason: 'not running', remedies: ['start it'] } }),
      scripted('awake'),
      scripted('blind', { supports: { ...ALL_CAPABILITIES, tools: false } }),
      scripted('spare'),
    ]
    const ask = { prompt: 'Hi', tools: [tool] }
    const plan = await createOpenMux({ providers: providers() }).explain(ask)
    const { decision } = await createOpenMux({ providers: providers() }).chat(ask)
    expect(plan.candidates.find(({ verdict }) => verdict === 'planned')?.provider).toBe('awake')
    expect(decision.candidates.find(({ verdict }) => verdict === 'answered')?.provider).toBe('awake')
    const cut = (record: typeof plan): unknown =>
      record.candidates
        .filter(({ verdict }) => verdict === 'cut')
        .map(({ provider, reasons }) => ({ provider, reasons }))
    expect(cut(decision)).toEqual(cut(plan))
  })

  it('asks nobody to generate', async () => {
    const provider = scripted('only', { vectors: [] })
    const openmux = createOpenMux({ providers: [provider] })
    await openmux.explain('Hi')
    await openmux.explain({ input: 'Hi' })
    expect(provider.asked.length + provider.embedded.length).toBe(0)
  })
})
