import type { FailedAnswer } from '@openmux/http'
import type { SaidError } from './read-error.js'
import type { Meaning } from './meaning.js'
import { dayEnds, toldWait } from './wait.js'
import { entryOf } from '../wire/entry-of.js'

const DATA_POLICY_HINT =
  'The privacy settings of the account exclude every provider of this model: loosen them at https://openrouter.ai/settings/privacy, or choose another model.'
const ROUTING_HINT =
  'The routing (`only`, `ignore`, `order`, `max_price` …) leaves no provider: loosen it, or choose another model.'
const UNSUPPORTED_HINT =
  'Choose a model that lists the feature (`openmux models openrouter`), or leave it out.'
const GONE_HINT = 'Free variants come and go. Run `openmux models openrouter` to see those there are now.'
const KEY_LIMIT_HINT =
  'Raise or remove the limit of this key at https://openrouter.ai/settings/keys, or use another key; the account itself may have credits.'
const CREDITS_HINT =
  'Add credits at https://openrouter.ai/settings/credits or name a `:free` model. A balance below zero blocks free models too.'
const FREE_DAY_HINT =
  'All free models of the account share this limit; another key does not help. Wait, or raise it from 50 to 1000 a day by once buying 10 credits.'
const FREE_MINUTE_HINT = 'All free models of the account share 20 requests a minute. Wait a moment.'
const BUSY_UPSTREAM_HINT =
  'Only this model at this upstream is busy. Another model may answer now; a key of the upstream itself can be added at https://openrouter.ai/settings/integrations.'

/** One question to an error: what it means, or that the next row should be asked. */
type Row = (said: SaidError, answer: FailedAnswer) => Meaning | undefined

/** Errors about who can serve at all, by `availability.code` (changelog of August 2026). `retryable` is followed over the code. */
const AVAILABILITY: Readonly<Record<string, Meaning>> = {
  model_not_found: { code: 'model-not-found' },
  wrong_endpoint: {
    code: 'unsupported',
    hint: 'This model is made for another task than the one asked for.',
  },
  no_endpoints: { code: 'model-not-served' },
  model_deprecated: { code: 'model-not-served', hint: 'The model was retired. Choose a newer one.' },
  model_unavailable_upstream: { code: 'model-not-served' },
  privacy_restricted: { code: 'model-not-served', hint: DATA_POLICY_HINT },
  constraint_filtered: { code: 'unsupported', hint: ROUTING_HINT },
  free_variant_ended: { code: 'model-not-found', hint: GONE_HINT },
  region_restricted: { code: 'region', scope: 'model' },
  capacity_exhausted: { code: 'unavailable', scope: 'model' },
  temporarily_unavailable: { code: 'unavailable', scope: 'model' },
}

/** By `metadata.limit_source` (captured; not in the documentation). What is not listed is an upstream's own limit. */
const LIMITS: Readonly<Record<string, Meaning>> = {
  openrouter_free_tier_daily: { code: 'quota', scope: 'account', hint: FREE_DAY_HINT },
  openrouter_free_tier_per_minute: { code: 'rate-limit', scope: 'account', hint: FREE_MINUTE_HINT },
  openrouter_credits: { code: 'credits', scope: 'account', hint: CREDITS_HINT },
  openrouter_key_limit: { code: 'credits', scope: 'key', hint: KEY_LIMIT_HINT },
  openrouter_in_flight_budget: {
    code: 'rate-limit',
    scope: 'account',
    hint: 'Requests under way hold back the rest of the balance. Wait until they are done, or set smaller token limits.',
  },
}

/** By `error_type`, the names that are promised to be stable (api_reference/errors-and-debugging.mdx). */
const TYPES: Readonly<Record<string, Meaning>> = {
  invalid_request: { code: 'bad-request' },
  invalid_prompt: { code: 'bad-request' },
  context_length_exceeded: { code: 'context-too-long' },
  max_tokens_exceeded: {
    code: 'context-too-long',
    hint: 'Ask for fewer tokens, or use a model with longer answers.',
  },
  token_limit_exceeded: { code: 'context-too-long' },
  string_too_long: { code: 'too-large' },
  content_policy_violation: { code: 'content-filter' },
  refusal: { code: 'content-filter' },
  invalid_image: { code: 'bad-request' },
  image_too_large: { code: 'too-large' },
  image_too_small: { code: 'bad-request' },
  unsupported_image_format: { code: 'unsupported', hint: 'Send PNG, JPEG, WebP or GIF.' },
  image_download_failed: {
    code: 'bad-request',
    hint: 'Give the image as base64, or an address anybody can open.',
  },
  image_not_found: { code: 'bad-request', hint: 'The address of the image leads nowhere.' },
  authentication: { code: 'auth' },
  payment_required: { code: 'credits', hint: CREDITS_HINT },
  precondition_failed: { code: 'bad-request' },
  payload_too_large: { code: 'too-large' },
  unprocessable: { code: 'bad-request' },
  rate_limit_exceeded: { code: 'rate-limit', scope: 'model', hint: BUSY_UPSTREAM_HINT },
  server: { code: 'unavailable', next: 'here' },
  unmapped: { code: 'unavailable', next: 'here' },
  provider_unavailable: { code: 'unavailable', scope: 'model', next: 'here' },
  provider_overloaded: { code: 'unavailable', scope: 'model' },
  timeout: { code: 'timeout', scope: 'model' },
}

/** By the words, for answers from before those names or without them. The first that fits counts. */
const WORDS: readonly (readonly [statuses: readonly number[], words: RegExp, Meaning])[] = [
  [[400, 404], /is not a valid model id/i, { code: 'model-not-found' }],
  [
    [404],
    /free (?:period|variant|version)\b.*\b(?:ended|over|gone)|no longer (?:available )?(?:for )?free|unavailable for free/i,
    { code: 'model-not-found', hint: GONE_HINT },
  ],
  [[404], /no endpoints found that (?:support|can handle)/i, { code: 'unsupported', hint: UNSUPPORTED_HINT }],
  [
    [404],
    /data policy|privacy|training|zdr|zero data retention/i,
    { code: 'model-not-served', hint: DATA_POLICY_HINT },
  ],
  [
    [404],
    /max price|satisfy|no allowed providers|provider routing|ignored/i,
    { code: 'unsupported', hint: ROUTING_HINT },
  ],
  [[404], /no endpoints found/i, { code: 'model-not-served' }],
  [[402, 403], /key limit exceeded/i, { code: 'credits', scope: 'key', hint: KEY_LIMIT_HINT }],
  [[402], /in.flight/i, LIMITS['openrouter_in_flight_budget'] ?? { code: 'rate-limit' }],
  [
    [402],
    /can only afford|fewer max_tokens/i,
    {
      code: 'credits',
      scope: 'model',
      hint: 'Set a smaller maxTokens, add credits at https://openrouter.ai/settings/credits, or name a `:free` model.',
    },
  ],
  [[402], /./, { code: 'credits', scope: 'account', hint: CREDITS_HINT }],
  [
    [403],
    /only management keys/i,
    { code: 'auth', hint: 'This needs a management key; keys for requests cannot do it.' },
  ],
  [[403], /region|country|territor/i, { code: 'region', scope: 'model' }],
  [[403], /moderation|flagged|guardrail|blocked by/i, { code: 'content-filter' }],
  // The next moment has the same providers and the same routing.
  [[503], /no available model provider/i, { code: 'unavailable', scope: 'model' }],
  [[429], /free-models-per-day/i, LIMITS['openrouter_free_tier_daily'] ?? { code: 'quota' }],
  [[429], /free-models-per-min/i, LIMITS['openrouter_free_tier_per_minute'] ?? { code: 'rate-limit' }],
]

const AFFORDABLE = /can only afford (\d+)/i

/** The rows, the most certain first. */
const ROWS: readonly Row[] = [
  ({ availability, details }) => {
    const known = entryOf(AVAILABILITY, availability)
    // "Follow `retryable`": the code may grow new meanings.
    const passing = details['retryable'] === true && (known === undefined || known.code.startsWith('model-'))
    return passing ? { code: 'unavailable', scope: 'model' } : known
  },
  ({ status, metadata }) =>
    status === 403 && (Array.isArray(metadata['reasons']) || Array.isArray(metadata['patterns']))
      ? { code: 'content-filter', hint: contentHint(metadata) }
      : undefined,
  // Before the sources: this 402 has the source of an empty account, yet a smaller request would pass.
  ({ status, message }) => {
    const affordable = status === 402 ? AFFORDABLE.exec(message)?.[1] : undefined
    return affordable === undefined
      ? undefined
      : {
          code: 'credits',
          scope: 'model',
          hint: `Set maxTokens to at most ${affordable}, add credits at https://openrouter.ai/settings/credits, or name a \`:free\` model.`,
        }
  },
  ({ limitSource }) => entryOf(LIMITS, limitSource),
  ({ status, message }) =>
    WORDS.find(([statuses, words]) => statuses.includes(status) && words.test(message))?.[2],
  ({ type }) => entryOf(TYPES, type),
  ({ status, limitSource }) =>
    status === 429 || limitSource !== ''
      ? { code: 'rate-limit', scope: 'model', hint: BUSY_UPSTREAM_HINT }
      : undefined,
  ({ status }) => (status === 529 ? { code: 'unavailable', scope: 'model' } : undefined),
]

/**
 * What an error of OpenRouter means; undefined leaves it to the tables below this one.
 * Sources: OpenRouterTeam/docs api_reference/errors-and-debugging.mdx, api_reference/limits.mdx, changelog.mdx,
 * openapi/openapi.yaml; answers of the live service recorded in public issues and test fixtures.
 */
export function lookUp(said: SaidError, answer: FailedAnswer): Meaning | undefined {
  for (const row of ROWS) {
    const found = row(said, answer)
    if (found !== undefined) return { ...vanished(found, answer), ...waitFor(found, said, answer.now) }
  }
  return undefined
}

/** A `:free` variant that nobody serves is over; the model itself may live on at a price. */
function vanished(found: Meaning, { model }: FailedAnswer): Meaning {
  if (found.code !== 'model-not-served' || found.hint !== undefined || model?.endsWith(':free') !== true)
    return found
  return { ...found, code: 'model-not-found', hint: GONE_HINT }
}

function waitFor({ code, scope }: Meaning, said: SaidError, now: number): Pick<Meaning, 'until'> {
  const told = toldWait(said, now)
  const untold = code === 'quota' ? dayEnds(said.headers, now) : isFreeMinute(said) ? now + 60_000 : undefined
  const until = told ?? untold
  const passes = code === 'quota' || code === 'rate-limit' || code === 'unavailable' || code === 'timeout'
  return passes && until !== undefined && scope !== 'key' ? { until } : {}
}

function isFreeMinute({ limitSource, message }: SaidError): boolean {
  return limitSource === 'openrouter_free_tier_per_minute' || /free-models-per-min/i.test(message)
}

function contentHint({ reasons, patterns }: SaidError['metadata']): string {
  const found = [reasons, patterns].flatMap((list) =>
    Array.isArray(list) ? (list as readonly unknown[]) : [],
  )
  const named = found.filter((reason) => typeof reason === 'string').slice(0, 5)
  const by = Array.isArray(patterns) ? 'a guardrail of the account' : 'the moderation of this model'
  return `Refused by ${by}${named.length === 0 ? '' : ` (${named.join(', ')})`}. Rephrase the request.`
}
