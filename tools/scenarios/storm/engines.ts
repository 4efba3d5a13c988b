import { type Clock, createOpenMux, type OpenMux, type Provider } from '@openmux/core'
import type { FetchLike } from '@openmux/http'
import { openaiCompatible } from '@openmux/openai-compatible'
import { Random } from './random.ts'
import { SPACES } from './requests.ts'
import { OTHER_WORDS, SAME_WORDS, type TargetSpec } from './targets.ts'

/** One engine for each group of targets, with every default as users have it. */
export interface Engines {
  readonly 'same words': OpenMux
  readonly 'other words': OpenMux
}

/** Makes them. With `fetch` nothing touches the network. */
export function enginesOver(
  addressOf: (id: string) => string,
  clock: Clock,
  seed: number,
  fetch?: FetchLike,
): Engines {
  const engine = (group: readonly TargetSpec[], name: string): OpenMux => {
    const random = new Random(seed, 'engine', name)
    return createOpenMux({
      clock,
      random: () => random.next(),
      // Over real sockets requests come closer together than a local server would let them in.
      ...(fetch === undefined && {
        concurrency: Object.fromEntries(group.map(({ id }) => [id, 0])),
        timeouts: { totalMs: 120_000 },
      }),
      providers: group.map((spec) => providerOf(spec, addressOf(spec.id), fetch)),
    })
  }
  return {
    'same words': engine(SAME_WORDS, 'same'),
    'other words': engine(OTHER_WORDS, 'other'),
  }
}

function providerOf(
  { id, prefill, space, locality, whole }: TargetSpec,
  baseURL: string,
  fetch?: FetchLike,
): Provider {
  return openaiCompatible({
    id,
    baseURL,
    locality,
    environment: {},
    models: [
      { id: `${id}-chat`, tasks: ['chat'], free: true },
      { id: `${id}-vectors`, tasks: ['embeddings'], free: true, space: SPACES[space] },
    ],
    supports: { prefill: prefill !== 'not-declared', streaming: whole !== true },
    ...(fetch !== undefined && { fetch }),
  })
}

/** Ends both. */
export async function closeEngines(engines: Engines): Promise<void> {
  await Promise.all([engines['same words'].close(), engines['other words'].close()])
}
