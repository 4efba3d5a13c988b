import type { Capability } from '../contract/capabilities.js'
import type { ModelNeed } from '../contract/model-choice.js'
import type { Provider } from '../contract/provider.js'
import type { Task } from '../contract/task.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { ContextNeed } from './context-need.js'
import type { SpokenRequest } from './languages.js'
import type { Policy } from './policies.js'
import { namesProvider, nearestNames } from './spelling.js'

/** What a request says about who should answer, with spellings resolved. */
export interface Routing {
  readonly need: ModelNeed
  /** How candidates are put in order, and what none of them may cross. */
  readonly policy: Policy
  /** Only this provider. */
  readonly onlyProvider?: string
  /** Only this model, as the user spelled it. */
  readonly onlyModel?: string
  /** To be tried first, in this order. */
  readonly preferences: readonly Preference[]
  /** How long the conversation is; absent when length does not cut anybody. */
  readonly contextNeed?: ContextNeed
  /** The task, where the request itself names it. */
  readonly givenTask?: Task
  /** Whether a model of last resort may answer. */
  readonly lastResort?: boolean
  /** The request, where its language may cut somebody. */
  readonly spoken?: SpokenRequest
}

/** A provider, or a model of one or of any, that should be tried first. */
export interface Preference {
  readonly provider?: string
  readonly model?: string
  readonly spelling: string
}

/** The words of a request about routing. */
export interface RoutingWords {
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly prefer?: readonly string[] | undefined
}

/** Resolves spellings of providers. Throws `bad-request` for a `provider` nobody has. */
export function readRouting(
  words: RoutingWords,
  need: ModelNeed,
  policy: Policy,
  providers: readonly Provider[],
): Routing {
  const preferences = (words.prefer ?? []).map((spelling) => readPreference(spelling, providers))
  let onlyProvider = words.provider === undefined ? undefined : providerNamed(words.provider, providers).id
  let onlyModel = words.model
  if (words.model !== undefined) {
    const pinned = readPreference(words.model, providers)
    if (
      pinned.provider !== undefined &&
      pinned.model !== undefined &&
      pinned.provider === (onlyProvider ?? pinned.provider)
    ) {
      onlyProvider = pinned.provider
      onlyModel = pinned.model
    }
  }
  return {
    need,
    policy,
    ...(onlyProvider !== undefined && { onlyProvider }),
    ...(onlyModel !== undefined && { onlyModel }),
    preferences,
  }
}

function providerNamed(spelling: string, providers: readonly Provider[]): Provider {
  const found = providers.find((provider) => namesProvider(spelling, provider))
  if (found !== undefined) return found
  const ids = providers.map((provider) => provider.id)
  const near = nearestNames(spelling, ids)
  throw new OpenMuxError({
    code: 'bad-request',
    field: 'provider',
    message: `No provider is called "${spelling}".`,
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are: ${ids.join(', ')}.`,
  })
}

/** `ollama`, `ollama/llama3.2`, `llama3.2`: the first segment is a provider if one is called so. */
function readPreference(spelling: string, providers: readonly Provider[]): Preference {
  const whole = providers.find((provider) => namesProvider(spelling, provider))
  if (whole !== undefined) return { provider: whole.id, spelling }
  const slash = spelling.indexOf('/')
  const owner =
    slash > 0 ? providers.find((provider) => namesProvider(spelling.slice(0, slash), provider)) : undefined
  if (owner !== undefined && slash < spelling.length - 1) {
    return { provider: owner.id, model: spelling.slice(slash + 1), spelling }
  }
  return { model: spelling, spelling }
}

/** For people: why a provider that lacks these cannot serve. */
export function lackOf(capability: Capability): string {
  const words: Record<Capability, string> = {
    streaming: 'cannot stream',
    tools: 'cannot call tools',
    json: 'cannot be held to JSON',
    jsonSchema: 'cannot be held to a JSON Schema',
    vision: 'cannot see images',
    reasoning: 'does not show its thinking',
    seed: 'takes no seed',
    prefill: 'cannot continue a started answer',
    logprobs: 'gives no log probabilities',
  }
  return words[capability]
}
