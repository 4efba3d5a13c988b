import { OpenMuxError } from '@openmux/core'
import { checkOptionNames } from '@openmux/core/names'
import { defined } from '@openmux/http'
import type { OpenRouterRouting } from '../request/routing.js'
import { badOption } from './bad-option.js'
import { foreignService } from './foreign-key.js'
import type { OpenRouterOptions } from './options.js'

/** Where OpenRouter is (OpenRouterTeam/docs api_reference/overview.mdx). */
export const BASE_URL = 'https://openrouter.ai/api/v1'
/** The variable the key is read from. */
export const KEY_VARIABLE = 'OPENROUTER_API_KEY'
/** Where keys are made. */
export const KEY_PAGE = 'https://openrouter.ai/settings/keys'

/** The options with their defaults, decided once. */
export interface Settings {
  readonly baseURL: string
  /** Absent: not configured. */
  readonly apiKey?: string
  readonly headers: Readonly<Record<string, string>>
  readonly routing: OpenRouterRouting
  readonly allowPaid: boolean
  readonly maxTokens: number
  readonly modelsForMs: number
}

/** Every option, so that a misspelt one is told. */
const OPTIONS = {
  apiKey: true,
  baseURL: true,
  allowInsecureKey: true,
  app: true,
  routing: true,
  allowPaid: true,
  maxTokens: true,
  modelsForMs: true,
  embedBatch: true,
  fetch: true,
  environment: true,
} satisfies Record<keyof OpenRouterOptions, true>

/** Options as settings. Throws `bad-config` that names the option; address and key are checked once more by the HTTP client. */
export function settle(options: OpenRouterOptions): Settings {
  checkOptionNames('openrouter', options, OPTIONS)
  const baseURL = options.baseURL ?? BASE_URL
  const isOpenRouter = checkAddress(baseURL)
  const { maxTokens = 8_192, modelsForMs = 600_000, allowPaid = false, routing = {} } = options
  if (!(Number.isInteger(maxTokens) && maxTokens > 0))
    throw badOption('maxTokens', maxTokens, 'a whole number above 0')
  if (!(Number.isFinite(modelsForMs) && modelsForMs >= 0))
    throw badOption('modelsForMs', modelsForMs, 'milliseconds, 0 to ask every time')
  if (typeof allowPaid !== 'boolean') throw badOption('allowPaid', allowPaid, 'true or false')
  if (typeof routing !== 'object' || routing === null || Array.isArray(routing))
    throw badOption('routing', routing, 'an object as OpenRouter documents it for `provider`')
  return {
    baseURL,
    headers: appHeaders(options.app),
    routing,
    allowPaid,
    maxTokens,
    modelsForMs,
    ...defined({ apiKey: keyOf(options, isOpenRouter) }),
  }
}

function keyOf(options: OpenRouterOptions, isOpenRouter: boolean): string | undefined {
  if (options.apiKey !== undefined && typeof options.apiKey !== 'string')
    throw badOption('apiKey', options.apiKey, 'a text')
  const environment = options.environment ?? (typeof process === 'undefined' ? {} : process.env)
  // The key of OpenRouter must not go to another address that a user put in place of it.
  const key = options.apiKey ?? (isOpenRouter ? environment[KEY_VARIABLE]?.trim() : undefined)
  if (key === undefined || key.trim() === '') return undefined
  const service = foreignService(key, isOpenRouter)
  if (service === undefined) return key
  const field = options.apiKey === undefined ? KEY_VARIABLE : 'apiKey'
  throw new OpenMuxError({
    code: 'bad-config',
    provider: 'openrouter',
    field,
    message: `${field} holds a key of ${service}, by its first letters, not one of OpenRouter. It was not sent.`,
    hint: `Keys of OpenRouter begin with sk-or-; make one at ${KEY_PAGE}.`,
  })
}

/** Whether the address is OpenRouter itself. Its web pages and its Anthropic address are refused: they answer with HTML or another format. */
function checkAddress(baseURL: unknown): boolean {
  if (typeof baseURL !== 'string') throw badOption('baseURL', baseURL, 'a text')
  const url = URL.parse(baseURL)
  if (url === null || !/^(?:[\w-]+\.)?openrouter\.ai$/i.test(url.hostname)) return false
  if (url.pathname.replace(/\/+$/, '') === '/api/v1') return true
  throw badOption(
    'baseURL',
    baseURL,
    `${BASE_URL}, the address of the API`,
    `Leave baseURL out, or set it to ${BASE_URL}.`,
  )
}

/** Source: OpenRouterTeam/docs app-attribution.mdx. The old name of the title is still read. */
function appHeaders(app: OpenRouterOptions['app']): Readonly<Record<string, string>> {
  if (app === undefined) return {}
  const { url, title } = app
  if (url !== undefined && (typeof url !== 'string' || !/^https?:$/.test(URL.parse(url)?.protocol ?? '')))
    throw badOption('app.url', url, 'an address that begins with https:// or http://')
  if (title !== undefined && (typeof title !== 'string' || !/^[\x20-\x7e]+$/.test(title)))
    throw badOption('app.title', title, 'a text of plain ASCII letters, because it goes into a header')
  return defined({
    'http-referer': url,
    'x-openrouter-title': title,
    'x-title': title,
  }) as Readonly<Record<string, string>>
}
