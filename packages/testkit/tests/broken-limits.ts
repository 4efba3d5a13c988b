import { type ChatEvent, type ModelCard, OpenMuxError, type ProbeCheck, type Provider } from '@openmux/core'
import { type BrokenProvider, changeChat, CANARY } from './breaking.js'

type Chat = NonNullable<Provider['chat']>

/** The same failure with something else about it. */
const changeError = (
  change: (error: OpenMuxError) => Partial<ConstructorParameters<typeof OpenMuxError>[0]>,
) =>
  changeChat(async function* (chat: Chat, request, context): AsyncGenerator<ChatEvent> {
    try {
      yield* chat(request, context)
    } catch (error) {
      const { code, message, provider, model, until } = error as OpenMuxError
      throw new OpenMuxError({ code, message, provider, model, until, ...change(error as OpenMuxError) })
    }
  })

const changeCards =
  (change: (card: ModelCard) => ModelCard) =>
  (provider: Provider): Provider => ({
    ...provider,
    models: async (context) => (await provider.models(context)).map(change),
  })

const CHECK: ProbeCheck = {
  id: 'chat',
  endpoint: 'POST /chat',
  purpose: 'chat',
  expected: 'as-expected',
  verdict: 'unreachable',
  evidence: 'nothing listens',
  spent: false,
  durationMs: 1,
}

const probes =
  (check: (run: number) => Partial<ProbeCheck>) =>
  (provider: Provider): Provider => {
    let runs = 0
    return { ...provider, probe: async () => [{ ...CHECK, ...check(runs++) }] }
  }

/** Faults about limits, money, prices, keys, probes, and successes that are none. */
export const BROKEN_LIMITS: readonly BrokenProvider[] = [
  {
    fault: 'forgets when a limit ends',
    caughtBy: 'limits',
    says: /`until` must be that moment, the wait it tells is undefined/,
    breakIt: changeError(() => ({ until: undefined })),
  },
  {
    fault: 'takes seconds for milliseconds',
    caughtBy: 'limits',
    says: /the wait it tells is -?\d{1,3}(?:\.|$)/m,
    breakIt: changeError(({ until }) =>
      typeof until === 'number' ? { until: Date.now() + (until - Date.now()) / 1_000 } : {},
    ),
  },
  {
    fault: 'gives up everywhere when one account is empty',
    caughtBy: 'limits',
    says: /`next` must be `elsewhere`/,
    breakIt: changeError(({ code }) => (code === 'credits' ? { next: 'nowhere' } : {})),
  },
  {
    fault: 'takes an empty account for a limit',
    caughtBy: 'limits',
    says: /must be `credits`, it was `rate-limit`/,
    breakIt: changeError(({ code }) => (code === 'credits' ? { code: 'rate-limit' } : {})),
  },
  {
    fault: 'declares an allowance nobody can count',
    caughtBy: 'limits',
    says: /`amount` must be a count/,
    breakIt: (provider) => ({
      ...provider,
      limits: () => [
        {
          id: 'day',
          scope: 'account',
          unit: 'requests',
          amount: Number.NaN,
          window: { kind: 'utc-day' },
          countsFailures: true,
          source: 'somewhere',
        },
      ],
    }),
  },
  {
    fault: 'tells a quota without a source',
    caughtBy: 'limits',
    says: /names no `source`/,
    breakIt: (provider) => ({
      ...provider,
      quota: async () => [{ scope: 'account', unit: 'requests', remaining: 3, source: '' }],
    }),
  },
  {
    fault: 'calls a price per token one per million',
    caughtBy: 'prices',
    says: /cannot be USD per million tokens/,
    breakIt: changeCards((card) =>
      card.price === undefined ? card : { ...card, price: { inputPerMillion: 5e-7, outputPerMillion: 2e-6 } },
    ),
  },
  {
    fault: 'gives prices as texts',
    caughtBy: 'prices',
    says: /cannot be USD per million tokens/,
    breakIt: changeCards((card) =>
      card.price === undefined
        ? card
        : { ...card, price: { inputPerMillion: '0.5' as unknown as number, outputPerMillion: 2 } },
    ),
  },
  {
    fault: 'drops the prices it was told',
    caughtBy: 'prices',
    says: /yet no card has a `price`/,
    breakIt: changeCards(({ price: _gone, ...card }) => card),
  },
  {
    fault: 'calls a model free that has a price',
    caughtBy: 'prices',
    says: /they contradict each other/,
    breakIt: changeCards((card) => ({ ...card, free: true })),
  },
  {
    fault: 'takes an error in a success for an answer',
    caughtBy: 'broken-answers',
    says: /must fail, but it gave/,
    breakIt: changeChat(async function* (chat, request, context) {
      try {
        yield* chat(request, context)
      } catch (error) {
        if ((error as OpenMuxError).code !== 'unavailable') throw error
        yield { type: 'start', model: request.model, warnings: [] }
        yield { type: 'finish', reason: 'stop' }
      }
    }),
  },
  {
    fault: 'keeps nothing of a broken answer',
    caughtBy: 'broken-answers',
    says: /before the error was not yielded/,
    breakIt: changeChat(async function* (chat, request, context) {
      const all: ChatEvent[] = []
      for await (const event of chat(request, context)) all.push(event)
      yield* all
    }),
  },
  {
    fault: 'takes nothing for a refusal of the key',
    caughtBy: 'broken-answers',
    says: /the code must be bad-response or truncated, it was `auth`/,
    breakIt: changeError(({ code }) => (code === 'bad-response' ? { code: 'auth' } : {})),
  },
  {
    fault: 'follows a redirect',
    caughtBy: 'keys',
    says: /must be `endpoint-moved`/,
    breakIt: changeError(() => ({ code: 'bad-response' })),
  },
  {
    fault: 'began in the future',
    caughtBy: 'lifecycle',
    says: /cannot begin in the future/,
    breakIt: (provider) => ({ ...provider, lifecycle: { stage: 'active', since: '2999-01-01' } }),
  },
  {
    fault: 'generates to probe',
    caughtBy: 'probe',
    says: /generated something/,
    breakIt: probes(() => ({ spent: true })),
  },
  {
    fault: 'probes something else each time',
    caughtBy: 'probe',
    says: /different endpoints/,
    breakIt: probes((run) => ({ id: `chat-${run}` })),
  },
  {
    fault: 'shows its key in a probe',
    caughtBy: 'probe',
    says: /shows a key/,
    breakIt: probes(() => ({ evidence: `refused ${CANARY}` })),
  },
  {
    fault: 'finds everything well where nothing is',
    caughtBy: 'probe',
    says: /nothing listens there/,
    breakIt: probes(() => ({ verdict: 'as-expected' })),
  },
]
