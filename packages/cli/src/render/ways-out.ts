import type { OpenMuxError } from '@openmux/core'
import { nobodyCould } from './error-text.js'

/** The facts the general ways out depend on. */
export interface Circumstances {
  readonly offline: boolean
  readonly localOnly: boolean
  /** `--provider` or `--model` narrows the choice. */
  readonly pinned: boolean
}

/** A person who must choose between more doors than this chooses none. */
const DOORS = 3

/**
 * What a person can do about an error. When nobody could be tried: three ways, taken in turn from
 * what each provider names as its simplest, and filled up with what always helps.
 */
export function waysOut(error: OpenMuxError, circumstances: Circumstances): readonly string[] {
  if (!nobodyCould(error)) return error.remedies ?? []
  const lists = (error.decision?.candidates ?? [])
    .filter(({ remedies = [] }) => remedies.length > 0)
    .map(({ provider, remedies = [] }) => remedies.map((remedy) => `${provider}: ${remedy}`))
  const own = inTurn(lists).slice(0, DOORS)
  const general = generalWays(circumstances).filter(({ about }) => !own.some((remedy) => about.test(remedy)))
  return [...own, ...general.map(({ text }) => text)].slice(0, DOORS)
}

/** The first of each list, then the second of each, and so on. */
function inTurn(lists: readonly (readonly string[])[]): readonly string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list[place] ?? [])).flat()
}

interface Way {
  readonly text: string
  /** Matches remedies that say the same. */
  readonly about: RegExp
}

function generalWays({ offline, localOnly, pinned }: Circumstances): readonly Way[] {
  const narrowed: Way = {
    text: 'Leave out the provider and model asked for, so that any candidate may answer.',
    about: /--provider/,
  }
  return [
    ...(pinned ? [narrowed] : []),
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
