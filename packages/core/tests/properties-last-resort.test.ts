import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  type ChatInput,
  type ChatResult,
  createOpenMux,
  isOpenMuxError,
  type OpenMuxError,
  type Provider,
} from '../src/index.js'
import { ManualClock } from './support/manual-clock.js'
import { anyRequest, anyWorld, type MadeProvider, providersOf } from './support/random-world.js'
import { answer, card, scripted, type ScriptedProvider } from './support/scripted-provider.js'

const RUNS = { numRuns: 400 }
const GUIDE_TEXT = 'Only a guide.'

const guide = (): ScriptedProvider =>
  scripted('guide', {
    cards: [card('nano', { lastResort: 'a small guide', contextTokens: 2_048 })],
    answers: [answer(GUIDE_TEXT)],
  })

/** Where the guide stands among the others, and whether the request prefers it. */
const anyPlace = fc.record({
  at: fc.nat({ max: 5 }),
  prefer: fc.constantFrom([], ['guide'], ['nano'], ['guide/nano']),
})

/** Every other request in plain words: the others are nothing for a last resort. */
const anyPlainRequest: fc.Arbitrary<ChatInput> = fc
  .tuple(anyRequest, fc.boolean())
  .map(([request, isPlain]) => (isPlain ? plain(request) : request))

function plain({
  tools: _tools,
  responseFormat: _format,
  messages: _messages,
  ...rest
}: ChatInput): ChatInput {
  return { ...rest, messages: [{ role: 'user', content: 'Hi' }] }
}

interface Ended {
  readonly result?: ChatResult
  readonly error?: OpenMuxError
}

async function ask(
  providersAt: (now: number) => readonly Provider[],
  request: ChatInput,
  streamed: boolean,
): Promise<Ended> {
  const clock = new ManualClock()
  const openmux = createOpenMux({ providers: providersAt(clock.now()), clock, random: () => 0.5 })
  const work = streamed ? openmux.stream(request).result() : openmux.chat(request)
  const ended = work.then(
    (result): Ended => ({ result }),
    (error: unknown): Ended => {
      if (!isOpenMuxError(error)) throw error
      return { error }
    },
  )
  return clock.runUntil(ended)
}

function withGuide(
  world: readonly MadeProvider[],
  now: number,
  one: Provider,
  at = world.length,
): readonly Provider[] {
  const providers: readonly Provider[] = providersOf(world, now)
  return providers.toSpliced(at, 0, one)
}

it('is planned behind everybody, under any policy and preference', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, anyPlainRequest, anyPlace, async (world, request, { at, prefer }) => {
      const clock = new ManualClock()
      const providers = withGuide(world, clock.now(), guide(), at)
      const openmux = createOpenMux({ providers, clock, random: () => 0.5 })
      const wishes = { ...request, prefer: [...prefer, ...(request.prefer ?? [])] }
      const { candidates } = await clock.runUntil(openmux.explain(wishes))
      const planned = candidates.filter(({ verdict }) => verdict === 'planned')
      const place = planned.findIndex(({ lastResort }) => lastResort === true)
      expect([-1, planned.length - 1]).toContain(place)
      expect(planned[place]?.model ?? 'nano').toBe('nano')
    }),
    RUNS,
  )
})

it('is asked at most once, and only when nobody else is left', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyWorld,
      anyRequest,
      anyPlace,
      fc.boolean(),
      async (world, request, place, streamed) => {
        const last = guide()
        const wishes = { ...request, prefer: [...place.prefer, ...(request.prefer ?? [])] }
        const { result, error } = await ask((now) => withGuide(world, now, last, place.at), wishes, streamed)
        expect(last.asked.length).toBeLessThanOrEqual(1)
        const { decision, attempts = [] } = result ?? error ?? {}
        const others = attempts.filter(({ provider }) => provider !== 'guide')
        expect(others.length).toBeLessThanOrEqual(request.maxAttempts ?? 4)
        if (last.asked.length === 0) return
        expect(attempts.at(-1)?.provider).toBe('guide')
        for (const { provider, verdict } of decision?.candidates ?? [])
          if (provider !== 'guide') expect(['failed', 'cut']).toContain(verdict)
        expect(request.tools ?? request.responseFormat).toBeUndefined()
        expect(others.map(({ code }) => code)).not.toContain('content-filter')
      },
    ),
    RUNS,
  )
})

it('changes nothing about a request that is answered without it, and takes no error’s place but its own answer’s', async () => {
  let stoodIn = 0
  await fc.assert(
    fc.asyncProperty(anyWorld, anyPlainRequest, fc.boolean(), async (world, request, streamed) => {
      const without = await ask((now) => providersOf(world, now), request, streamed)
      const beside = await ask((now) => withGuide(world, now, guide()), request, streamed)
      const tried = ({ result, error }: Ended) =>
        ((result ?? error)?.attempts ?? [])
          .filter(({ provider }) => provider !== 'guide')
          .map(({ provider, model, outcome, code }) => ({ provider, model, outcome, code }))
      expect(tried(beside)).toEqual(tried(without))
      if (without.result !== undefined) {
        expect(beside.result).toMatchObject({ provider: without.result.provider, text: without.result.text })
        expect(beside.result?.lastResort).toBeUndefined()
      } else if (beside.result !== undefined) {
        stoodIn += 1
        expect(beside.result).toMatchObject({ text: GUIDE_TEXT, lastResort: 'a small guide' })
        expect(without.error?.partial?.text ?? '').toBe('')
      } else expect(beside.error?.code).toBe(without.error?.code)
    }),
    RUNS,
  )
  // The worlds are such that it is needed at times.
  expect(stoodIn).toBeGreaterThan(3)
})
