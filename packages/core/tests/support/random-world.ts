import fc from 'fast-check'
import {
  type ChatInput,
  ERROR_CODES,
  type ErrorCode,
  type ErrorScope,
  OpenMuxError,
  type PolicyOptions,
} from '../../src/index.js'
import {
  answer,
  card,
  hangForEver,
  scripted,
  type ScriptedProvider,
  START,
  type Step,
  STOP,
  text,
} from './scripted-provider.js'

const CODES = Object.keys(ERROR_CODES) as ErrorCode[]
const SCOPES: readonly ErrorScope[] = [
  'request',
  'key',
  'account',
  'model',
  'endpoint',
  'provider',
  'machine',
]

/** How one call of a candidate goes. */
export type Turn =
  | {
      readonly kind: 'fails'
      readonly code: ErrorCode
      readonly next?: 'here' | 'elsewhere' | undefined
      readonly scope?: ErrorScope | undefined
      /** From now, ms. */
      readonly wait?: number | 'never' | undefined
      readonly after: number
    }
  | { readonly kind: 'answers' | 'cut' | 'empty' | 'hangs' | 'hangs in the middle' | 'without finish' }

/** One provider of a made-up world, as plain data. */
export interface MadeProvider {
  readonly locality: 'local' | 'remote'
  readonly cards: readonly {
    readonly free: boolean
    readonly contextTokens?: number | undefined
    readonly tools?: boolean | undefined
    readonly json?: boolean | undefined
    readonly vision?: boolean | undefined
  }[]
  readonly turns: readonly Turn[]
}

const capability = fc.option(fc.boolean(), { nil: undefined })

export const anyFailure: fc.Arbitrary<Turn> = fc.record({
  kind: fc.constant('fails' as const),
  code: fc.constantFrom(...CODES),
  next: fc.constantFrom(undefined, undefined, 'here' as const, 'elsewhere' as const),
  scope: fc.option(fc.constantFrom(...SCOPES), { nil: undefined }),
  wait: fc.option(fc.oneof(fc.constant('never' as const), fc.integer({ min: -5_000, max: 100_000_000 })), {
    nil: undefined,
  }),
  after: fc.constantFrom(0, 0, 50, 4_000),
})

const anyTurn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 2, arbitrary: anyFailure },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'answers' as const,
        'answers' as const,
        'cut' as const,
        'empty' as const,
        'hangs' as const,
        'hangs in the middle' as const,
        'without finish' as const,
      ),
    }),
  },
)

const anyProvider: fc.Arbitrary<MadeProvider> = fc.record({
  locality: fc.constantFrom('local' as const, 'remote' as const),
  cards: fc.array(
    fc.record({
      free: fc.boolean(),
      contextTokens: fc.option(fc.constantFrom(512, 4_096, 32_768, 131_072), { nil: undefined }),
      tools: capability,
      json: capability,
      vision: capability,
    }),
    { minLength: 1, maxLength: 3 },
  ),
  turns: fc.array(anyTurn, { minLength: 1, maxLength: 4 }),
})

export const anyWorld = fc.array(anyProvider, { minLength: 1, maxLength: 5 })

const POLICIES = ['ordered', 'balanced', 'fast', 'best', 'private', 'free'] as const
const anyPolicy: fc.Arbitrary<(typeof POLICIES)[number] | PolicyOptions> = fc.oneof(
  fc.constantFrom(...POLICIES),
  fc
    .record({
      base: fc.constantFrom(...POLICIES),
      localOnly: fc.boolean(),
      zeroCost: fc.boolean(),
      minContextTokens: fc.constantFrom(undefined, 8_192),
    })
    .map(({ base, localOnly, zeroCost, minContextTokens }) => ({
      base,
      floors: {
        ...(localOnly && { localOnly }),
        ...(zeroCost && { zeroCost }),
        ...(minContextTokens !== undefined && { minContextTokens }),
      },
    })),
)

/** A request with any floors. */
export const anyRequest: fc.Arbitrary<ChatInput> = fc
  .record({
    localOnly: fc.boolean(),
    zeroCost: fc.boolean(),
    minContextTokens: fc.constantFrom(undefined, undefined, 1_000, 20_000),
    tools: fc.boolean(),
    json: fc.boolean(),
    vision: fc.boolean(),
    policy: fc.option(anyPolicy, { nil: undefined }),
    prefer: fc.subarray(['p0', 'p1', 'p2', 'p3', 'p4', 'p2/model-1', 'model-0']),
    impatient: fc.boolean(),
    onBreak: fc.constantFrom(undefined, 'restart' as const, 'fail' as const),
    maxAttempts: fc.constantFrom(undefined, 1, 2, 3, 6),
    totalMs: fc.constantFrom(undefined, 700, 5_000, 120_000),
  })
  .map(
    ({
      localOnly,
      zeroCost,
      minContextTokens,
      tools,
      json,
      vision,
      policy,
      onBreak,
      maxAttempts,
      totalMs,
      ...rest
    }) => ({
      ...rest,
      messages: [
        {
          role: 'user' as const,
          content: vision
            ? [
                { type: 'text' as const, text: 'What is this?' },
                { type: 'image' as const, mediaType: 'image/png', base64: 'AAAA' },
              ]
            : 'Hi',
        },
      ],
      ...(localOnly && { localOnly }),
      ...(zeroCost && { zeroCost }),
      ...(minContextTokens !== undefined && { minContextTokens }),
      ...(tools && { tools: [{ name: 'pay', parameters: {} }] }),
      ...(json && { responseFormat: { type: 'json' as const } }),
      ...(policy !== undefined && { policy }),
      ...(onBreak !== undefined && { onBreak }),
      ...(maxAttempts !== undefined && { maxAttempts }),
      ...(totalMs !== undefined && { timeouts: { totalMs } }),
    }),
  )

/** The providers of a world, `p0`, `p1` … with models `model-0`, `model-1` … */
export function providersOf(world: readonly MadeProvider[], now: number): ScriptedProvider[] {
  return world.map(({ locality, cards, turns }, index) =>
    scripted(`p${index}`, {
      locality,
      hosts: [`p${index}.example:443`],
      cards: cards.map(({ free, contextTokens, tools, json, vision }, model) =>
        card(`model-${model}`, {
          free,
          tasks: ['chat', 'code'],
          state: locality === 'remote' ? 'hosted' : 'loaded',
          ...(contextTokens !== undefined && { contextTokens }),
          supports: {
            ...(tools !== undefined && { tools }),
            ...(json !== undefined && { json }),
            ...(vision !== undefined && { vision }),
          },
        }),
      ),
      answers: turns.map((turn) => stepsOf(turn, now)),
    }),
  )
}

function stepsOf(turn: Turn, now: number): readonly Step[] {
  switch (turn.kind) {
    case 'answers':
      return answer('[', '"Hello"', ']')
    case 'cut':
    case 'without finish':
      return [START, text('["He')]
    case 'empty':
      return [START, STOP]
    case 'hangs':
      return [hangForEver]
    case 'hangs in the middle':
      return [START, text('["He'), hangForEver]
    case 'fails': {
      const { code, next, scope, wait, after } = turn
      const until = typeof wait === 'number' ? now + wait : wait
      const error = new OpenMuxError({ code, message: code, next, scope, until })
      return [
        ({ clock }) =>
          new Promise((resolve) => {
            clock.after(after, resolve)
          }),
        error,
      ]
    }
  }
}
