import type { CandidateRecord, OpenMuxError } from '@openmux/core'
import { type Asked, candidatesAsked, type KnownProvider, nobodyCould } from './asked-candidates.js'
import { inWordsOfTheCommandLine } from './library-words.js'
import { forceOn, insteadOf } from './lifecycle-text.js'

/** The facts the general ways out depend on. */
export interface Circumstances {
  readonly offline: boolean
  readonly localOnly: boolean
  /** `--provider` narrows the choice. */
  readonly pinnedProvider: boolean
  /** `--model` or `/model` narrows the choice. */
  readonly pinnedModel: boolean
  /** In a conversation there are commands instead of options. */
  readonly inChat: boolean
  readonly asked: Asked
}

/** A person who must choose between more doors than this chooses none. */
const DOORS = 3

const NO_PROVIDER = 'Check `order` and `enabled` in the configuration: no provider is switched on.'

/** One line a person can follow. */
interface Way {
  readonly text: string
  /** Matches remedies that say the same. */
  readonly about: RegExp
}

/**
 * What a person can do about an error. When nobody could be tried: three ways, from what each provider
 * names as its simplest, filled up with what always helps. With a pinned model that somebody looked for,
 * the names like it go first.
 */
export function waysOut(error: OpenMuxError, circumstances: Circumstances): readonly string[] {
  if (error.code === 'no-candidate' && (error.decision?.candidates ?? []).length === 0) return [NO_PROVIDER]
  if (!nobodyCould(error))
    return (error.remedies ?? []).map((remedy) => inWordsOfTheCommandLine(remedy, error.provider))
  const lists = candidatesAsked(error, circumstances.asked).map((candidate): Remedies => {
    const remedies = remediesOf(candidate, circumstances.asked.providers).map(
      (remedy) => `${candidate.provider}: ${remedy}`,
    )
    // Of a provider that looked for the model and does not have it, they are names like the one asked for.
    return candidate.code === 'model-not-found'
      ? { names: remedies, others: [] }
      : { names: [], others: remedies }
  })
  return filledUp(ownWays(lists, circumstances), circumstances)
}

/** What was said for the library, in the words of the command line where that has its own. */
function remediesOf(
  { provider, code, remedies = [] }: CandidateRecord,
  providers: readonly KnownProvider[],
): readonly string[] {
  const known = providers.find(({ id }) => id === provider)
  if (code !== 'provider-disabled' || known === undefined)
    return remedies.map((remedy) => inWordsOfTheCommandLine(remedy, provider))
  return [...insteadOf(known.lifecycle), forceOn(provider)]
}

/** The remedies of one provider. */
interface Remedies {
  /** Names like the one asked for. */
  readonly names: readonly string[]
  readonly others: readonly string[]
}

function ownWays(lists: readonly Remedies[], circumstances: Circumstances): readonly string[] {
  const names = lists.map((list) => list.names)
  const others = lists.map((list) => list.others)
  if (!circumstances.pinnedModel) return firstOfEach([...names, ...others], DOORS)
  const out = leaveOut(circumstances)
  // A provider that is not ready looked for no model: then another name helps nobody.
  if (others.every((list) => list.length > 0)) return [...firstOfEach(others, DOORS - 1), out]
  return [...firstOfEach(names, DOORS - 1), out, ...firstOfEach(others, 1)]
}

/** The first of each list, then the second of each, until there are `most`; those of one list together. */
function firstOfEach(lists: readonly (readonly string[])[], most: number): readonly string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  const inTurn = Array.from({ length: longest }, (_, place) => place)
    .flatMap((place) => lists.flatMap((list) => list[place] ?? []))
    .slice(0, most)
  return lists.flatMap((list) => list.filter((remedy) => inTurn.includes(remedy)))
}

function filledUp(own: readonly string[], circumstances: Circumstances): readonly string[] {
  const general = generalWays(circumstances).filter(({ about }) => !own.some((way) => about.test(way)))
  return [...own, ...general.map(({ text }) => text)].slice(0, DOORS)
}

function leaveOut({ pinnedProvider, pinnedModel, inChat }: Circumstances): string {
  if (inChat && pinnedModel) return 'Type /model alone, so that OpenMux chooses the model.'
  if (pinnedProvider && pinnedModel)
    return 'Leave out --provider and --model, so that any candidate may answer.'
  return pinnedModel
    ? 'Leave out --model, so that OpenMux chooses one.'
    : 'Leave out --provider, so that any candidate may answer.'
}

function generalWays(circumstances: Circumstances): readonly Way[] {
  const { offline, localOnly, pinnedProvider, pinnedModel } = circumstances
  const names: Way = { text: 'Run `openmux models` to see the names there are.', about: /openmux models/ }
  const narrowed: Way = { text: leaveOut(circumstances), about: /--provider/ }
  return [
    ...(pinnedModel ? [names] : pinnedProvider ? [narrowed] : []),
    {
      text: 'Install and start Ollama (https://ollama.com/download), then fetch a model: ollama pull llama3.2:1b',
      about: /ollama (serve|pull)|ollama\.com/i,
    },
    offline || localOnly
      ? {
          text: 'Ask once without --offline and --local: a small model is fetched and kept for the next time.',
          about: /offline/i,
        }
      : {
          text: 'Connect to the network and ask again: a small model is fetched and kept for the next time.',
          about: /internet|network|download|fetched/i,
        },
    {
      text: 'Point OLLAMA_HOST at a machine that runs Ollama, for instance OLLAMA_HOST=192.168.1.20.',
      about: /OLLAMA_HOST/,
    },
    { text: 'Run `openmux providers` to see what each provider needs.', about: /openmux providers/ },
  ]
}
