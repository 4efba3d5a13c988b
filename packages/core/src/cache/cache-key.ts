import type { Task } from '../contract/task.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { canonicalJson } from './canonical-json.js'

/** What a key is made of. Whatever can change the answer, or who may see it, must be in here. */
export interface KeyedRequest {
  readonly task: Task
  /** The conversation as it is sent, or the texts to embed. */
  readonly content: unknown
  /**
   * The rest of the input as the caller gave it, defaults of the orchestrator filled in. Members that only say how to
   * go about it ({@link NOT_SHAPING}) are left out; every other one counts, also one this version does not know.
   */
  readonly options: Readonly<Record<string, unknown>>
  /** Who asks: an account, a user, a tenant. Nobody is given an answer that somebody else asked for. */
  readonly caller: string
}

/** Members of an input that cannot change what is answered. */
export const NOT_SHAPING: ReadonlySet<string> = /* @__PURE__ */ new Set([
  // Given as `content`.
  'messages',
  'prompt',
  'system',
  'input',
  'signal',
  'clock',
  'timeouts',
  'maxAttempts',
  'cache',
  'onProgress',
  'onFailedAttempt',
])

/** Members whose inner order shapes the answer: a schema's properties are written in the order they stand. */
const ORDER_MATTERS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'tools',
  'responseFormat',
  'providerOptions',
])

/** Counts up whenever keys or entries change their meaning, so that older ones are not found. */
const KEY_VERSION = 1

/** A secret that keys are made with: without it nobody can find out from a key what was asked. */
export interface CacheSecret {
  readonly key: CryptoKey
  readonly namespace: string
}

/**
 * A secret out of at least 16 bytes or characters. Without any, one is drawn: its keys are worth nothing in another
 * process, as befits a cache in memory. Errors: `bad-config` for a shorter one.
 */
export async function cacheSecret(
  given?: string | Uint8Array<ArrayBuffer>,
  namespace = 'default',
): Promise<CacheSecret> {
  const bytes =
    given === undefined
      ? crypto.getRandomValues(new Uint8Array(32))
      : typeof given === 'string'
        ? new TextEncoder().encode(given)
        : given
  if (bytes.length < 16) {
    throw new OpenMuxError({
      code: 'bad-config',
      field: 'cache.secret',
      message: `cache.secret must have at least 16 characters, not ${bytes.length}.`,
      hint: 'Draw one, for example with `openssl rand -hex 32`, or leave it out.',
    })
  }
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return { key, namespace }
}

/**
 * The key of a request: HMAC-SHA-256 over canonical JSON, in full length, 64 hexadecimal digits. Equal requests of
 * one caller have equal keys, whatever order their members were given in; nothing can be read from it.
 */
export async function cacheKey(secret: CacheSecret, request: KeyedRequest): Promise<string> {
  const text = keyText(secret.namespace, request)
  const mac = await crypto.subtle.sign('HMAC', secret.key, new TextEncoder().encode(text))
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What is hashed. Never stored. */
function keyText(namespace: string, { task, content, options, caller }: KeyedRequest): string {
  const shaping: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (NOT_SHAPING.has(name) || value === undefined || typeof value === 'function') continue
    shaping[name] = ORDER_MATTERS.has(name) ? JSON.stringify(value) : value
  }
  return canonicalJson({ version: KEY_VERSION, namespace, caller, task, content, options: shaping })
}
