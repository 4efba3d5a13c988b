import type { Message } from '../contract/message.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import { checkChatInput, checkEmbedInput } from '../orchestrator/check-input.js'
import type { EmbedInput } from '../orchestrator/embed-input.js'
import { checkOneOf, wrong } from '../orchestrator/input-faults.js'
import type { OpenMuxOptions } from '../orchestrator/openmux.js'
import { canonicalJson } from './canonical-json.js'
import type { KeyedRequest } from './cache-key.js'

/**
 * What a request does with the cache.
 * - `use`: an answer that is there is given; a new one is kept.
 * - `refresh`: somebody is asked in any case; the answer is kept.
 * - `off`: as if there were none.
 */
export type CacheUse = 'use' | 'refresh' | 'off'

/** What a request may say about the cache. */
export interface CacheWishes {
  readonly cache?: CacheUse
  /** Who asks: an account, a user, a tenant. Nobody is given what somebody else was answered. */
  readonly caller?: string
}

/** What an OpenMux was made with, as far as it shapes answers. `OpenMuxOptions` fit as they are. */
export type CacheSetup = Pick<OpenMuxOptions, 'providers' | 'prefer' | 'policy' | 'forceEnabled' | 'spaces'>

/** A request with what it says about the cache taken out. */
export interface Wished<I> {
  readonly input: I
  readonly use: CacheUse
  readonly caller: string
}

/** Takes a request apart. Errors: `bad-request` with the `field`. */
export function readWishes<I extends object>(
  given: I & CacheWishes,
  defaults: Required<CacheWishes>,
): Wished<I> {
  if (typeof given !== 'object' || given === null) return { input: given, use: 'off', caller: '' }
  const { cache = defaults.cache, caller = defaults.caller, ...input } = given
  checkOneOf('cache', cache, ['use', 'refresh', 'off'])
  if (typeof caller !== 'string')
    throw wrong({ field: 'caller', expected: 'a text that names who asks', got: caller })
  return { input: input as unknown as I, use: cache, caller }
}

/** What the key of a chat request is made of. Errors: `bad-request`, as the request itself would give. */
export function keyedChat(input: ChatInput, caller: string, setup: unknown): KeyedRequest {
  return keyed('chat', checkChatInput(input), input, caller, setup)
}

/** What the key of an embedding request is made of. */
export function keyedEmbedding(input: EmbedInput, caller: string, setup: unknown): KeyedRequest {
  return keyed('embeddings', checkEmbedInput(input), input, caller, setup)
}

function keyed(
  task: KeyedRequest['task'],
  content: unknown,
  input: ChatInput | EmbedInput,
  caller: string,
  setup: unknown,
): KeyedRequest {
  return { task, content, caller, options: { ...input, ...(setup !== undefined && { setup }) } }
}

/**
 * The question of a request whose answer another question may share, and all the rest of it. Undefined where wording
 * matters or there is more to it than text (tools, JSON, pictures, an answer under way), and where a floor says where
 * the question may go: whoever makes its vector might stand beyond it.
 */
export function questionOf(
  input: ChatInput,
  request: KeyedRequest,
): { readonly question: string; readonly rest: KeyedRequest } | undefined {
  const messages = request.content as readonly Message[]
  const last = messages.at(-1)
  if (last?.role !== 'user' || typeof last.content !== 'string' || last.content.trim() === '')
    return undefined
  if ((input.tools?.length ?? 0) > 0) return undefined
  if (input.localOnly === true || input.zeroCost === true || input.policy !== undefined) return undefined
  if (input.responseFormat !== undefined && input.responseFormat.type !== 'text') return undefined
  return { question: last.content, rest: { ...request, content: messages.slice(0, -1) } }
}

/** Requests with equal keys of these share one call: also how long it may take is the same. */
export function flightKey(key: string, { timeouts, maxAttempts }: ChatInput | EmbedInput): string {
  return `${key} ${canonicalJson({ timeouts, maxAttempts })}`
}

/** What of a set-up shapes answers. Providers are told apart by their ids and where they send to. */
export function setupKey(setup: CacheSetup | undefined, secret: unknown): unknown {
  if (setup === undefined) {
    if (secret === undefined) return undefined
    throw new OpenMuxError({
      code: 'bad-config',
      field: 'setup',
      message: 'A cache with a secret of its own needs the set-up whose answers it keeps.',
      hint: 'Give the options of createOpenMux as `setup`, so that no answer of another set-up is found.',
    })
  }
  const { providers, prefer, policy, forceEnabled, spaces } = setup
  return {
    providers: providers.map(({ id, hosts }) => ({ id, hosts })),
    prefer,
    policy,
    forceEnabled,
    spaces,
  }
}
