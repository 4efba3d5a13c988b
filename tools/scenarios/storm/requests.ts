import type { ChatInput, EmbedInput, EmbeddingSpace } from '@openmux/core'
import { Random } from './random.ts'
import { OTHER_WORDS, SAME_WORDS, type TargetSpec } from './targets.ts'
import { DIMENSIONS, type SpaceName } from './truth.ts'
import { promptOf } from './upstream.ts'

export type Kind = 'text' | 'json' | 'tools' | 'embed'

/** One request of the storm and how its caller behaves. */
export interface StormRequest {
  readonly number: number
  readonly topic: number
  readonly kind: Kind
  readonly streamed: boolean
  readonly group: 'same words' | 'other words'
  /** Until the caller sends it after the one before, ms. */
  readonly afterMs: number
  readonly options: Omit<ChatInput, 'prompt'>
  readonly texts: readonly string[]
  readonly space?: SpaceName
  /** The caller aborts so many ms after sending. */
  readonly abortAfterMs?: number
  /** The caller leaves its loop after so many events. */
  readonly leaveAfter?: number
  /** The caller takes so long over each event, ms. */
  readonly slowMs: number
  /** Most attempts that are allowed. */
  readonly budget: number
  /** A caller who is in no hurry, brings no budget and does not leave: counts in the share of texts that are complete. */
  readonly ordinary: boolean
}

const TOOLS = ['pay', 'look_up'].map((name) => ({ name, parameters: { type: 'object' } }))

/** The spaces as the cards name them. */
export const SPACES: Readonly<Record<SpaceName, EmbeddingSpace>> = {
  near: { model: 'near', dimensions: DIMENSIONS, pooling: 'mean', normalized: false },
  far: { model: 'far', dimensions: DIMENSIONS, pooling: 'mean', normalized: false },
}

export function targetsOf({ group }: StormRequest): readonly TargetSpec[] {
  return group === 'same words' ? SAME_WORDS : OTHER_WORDS
}

/** The request of a number, the same one every time. */
export function stormRequest(seed: number, number: number): StormRequest {
  const random = new Random(seed, 'request', number)
  const kind = kindOf(random.next())
  const streamed = kind !== 'embed' && random.chance(0.7)
  const group = random.chance(0.8) ? 'same words' : 'other words'
  const stopLoops = random.chance(0.15)
  const budget = random.chance(0.85) ? 4 : random.between(1, 6)
  const hurried = random.chance(0.04)
  const onBreak = streamed && random.chance(0.3) ? random.pick(['restart', 'fail'] as const) : undefined
  const abortAfterMs = random.chance(0.06) ? random.between(0, 6_000) : undefined
  const leaveAfter = streamed && random.chance(0.03) ? random.between(1, 20) : undefined
  const space = kind === 'embed' && random.chance(0.4) ? random.pick(['near', 'far'] as const) : undefined
  const topic = random.between(1, 1_000_000)
  const group_ = group === 'same words' ? SAME_WORDS : OTHER_WORDS
  const count = kind === 'embed' ? random.pick([1, 2, 7, 30]) : 0
  return {
    number,
    topic,
    kind,
    streamed,
    group,
    afterMs: random.between(0, 4_000),
    texts: Array.from({ length: count }, (_, index) => promptOf(number, topic, `text ${index}`)),
    slowMs: streamed && random.chance(0.03) ? random.between(100, 4_000) : 0,
    budget,
    ordinary:
      kind === 'text' &&
      group === 'same words' &&
      budget === 4 &&
      !hurried &&
      onBreak !== 'fail' &&
      abortAfterMs === undefined &&
      leaveAfter === undefined,
    options: {
      prefer: random.shuffled(group_).map(({ id }) => id),
      ...(budget !== 4 && { maxAttempts: budget }),
      ...(onBreak !== undefined && { onBreak }),
      ...(stopLoops && { stopLoops }),
      ...(random.chance(0.1) && { impatient: true }),
      ...(hurried && { timeouts: { totalMs: random.between(500, 20_000) } }),
      ...(kind === 'json' && { responseFormat: { type: 'json' as const } }),
      ...(kind === 'tools' && { tools: TOOLS }),
      ...(kind === 'text' && random.chance(0.2) && { maxTokens: 4_000 }),
    },
    ...(space !== undefined && { space }),
    ...(abortAfterMs !== undefined && { abortAfterMs }),
    ...(leaveAfter !== undefined && { leaveAfter }),
  }
}

export function chatInput({ number, topic, options }: StormRequest, signal: AbortSignal): ChatInput {
  const loops = options.stopLoops === true ? 'no loops' : ''
  return { ...options, prompt: promptOf(number, topic, loops), signal }
}

export function embedInput({ options, texts, space }: StormRequest, signal: AbortSignal): EmbedInput {
  const { prefer, maxAttempts, timeouts } = options
  return {
    input: texts,
    signal,
    ...(prefer !== undefined && { prefer }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(timeouts !== undefined && { timeouts }),
    ...(space !== undefined && { space: SPACES[space] }),
  }
}

function kindOf(roll: number): Kind {
  return roll < 0.64 ? 'text' : roll < 0.76 ? 'json' : roll < 0.9 ? 'tools' : 'embed'
}
