import type { ErrorCode } from '@openmux/core'
import { type ErrorText, errorText, looksLikeHtml } from './error-text.js'
import { WORDS } from './error-words.js'
import type { ErrorVerdict, FailedAnswer, VerdictDraft } from './failed-answer.js'
import { toldMoment } from './told-moment.js'
import { tooManyVerdict } from './too-many-verdict.js'

/** Rules on words that hold for any 4xx of the kind "your request is wrong", first match wins. */
const REQUEST_WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  [WORDS.contextTooLong, 'context-too-long'],
  [WORDS.modelFault, 'model-fault'],
  [WORDS.unsupported, 'unsupported'],
  [WORDS.modelNotServed, 'model-not-served'],
  [WORDS.modelNotFound, 'model-not-found'],
  [WORDS.contentFilter, 'content-filter'],
  [WORDS.region, 'region'],
  [WORDS.badKey, 'auth'],
  [WORDS.noMoney, 'credits'],
]

/**
 * The general table: what a failed answer means by its status **and** its words, for upstreams (or answers)
 * that have no table of their own. Wire facts: RFC 9110, Cloudflare 52x, the error pages of OpenAI, OpenRouter,
 * Hugging Face, Groq, Gemini, vLLM, llama.cpp, TGI and Ollama.
 */
export function statusVerdict(answer: FailedAnswer): ErrorVerdict {
  const said = errorText(answer.json, answer.body)
  const status = effectiveStatus(answer, said)
  const draft = draftVerdict({ ...answer, status }, said)
  const upstreamCode = draft.upstreamCode ?? said.code ?? said.type
  const until = draft.until ?? waitOf(draft.code, answer, said)
  return {
    ...draft,
    message:
      draft.message ??
      (said.message === '' ? `HTTP ${status} without a reason.` : `HTTP ${status}: ${said.message}`),
    ...(upstreamCode === undefined ? {} : { upstreamCode }),
    ...(until === undefined ? {} : { until }),
  }
}

/** An error inside a 200 may carry the status it would have had (OpenRouter: `error.code`). */
function effectiveStatus(answer: FailedAnswer, said: ErrorText): number {
  if (answer.status >= 300) return answer.status
  const inner = Number(said.code)
  return Number.isInteger(inner) && inner >= 400 && inner <= 599 ? inner : answer.status
}

function draftVerdict(answer: FailedAnswer, said: ErrorText): VerdictDraft {
  const { status } = answer
  const words = `${said.message} ${said.code ?? ''} ${said.type ?? ''}`
  if (status >= 300 && status < 400) return redirectVerdict(answer)
  if (status === 401) return { code: 'auth' }
  if (status === 402) return { code: 'credits' }
  if (status === 403) return forbiddenVerdict(answer, words)
  if (status === 404 || status === 405 || status === 501) return notFoundVerdict(answer, words)
  if (status === 408 || status === 504 || status === 524) return { code: 'timeout' }
  if (status === 410) return goneVerdict(words)
  if (status === 413) return { code: WORDS.contextTooLong.test(words) ? 'context-too-long' : 'too-large' }
  if (status === 429) return tooManyVerdict(answer, said, words)
  if (status === 451) return { code: 'region' }
  // Of another kind than "your request is wrong": a conflict, a lock, a cancelled or a failed generation.
  if (status === 409 || status === 423 || status === 424 || status === 425 || status === 499) {
    return { code: WORDS.contextTooLong.test(words) ? 'context-too-long' : 'unavailable' }
  }
  if (status >= 500) return serverVerdict(answer, words)
  if (status >= 400) return requestVerdict(words)
  return insideSuccess(answer, said, words)
}

function byWords(words: string): ErrorCode | undefined {
  return REQUEST_WORDS.find(([pattern]) => pattern.test(words))?.[1]
}

/** Any other 4xx says that the request is wrong; the words may know that the target is. */
function requestVerdict(words: string): VerdictDraft {
  if (WORDS.nothingLoaded.test(words)) return nothingLoaded()
  if (WORDS.targetFails.test(words)) return { code: 'unavailable' }
  return { code: byWords(words) ?? (WORDS.capacity.test(words) ? 'unavailable' : 'bad-request') }
}

function nothingLoaded(): VerdictDraft {
  return { code: 'needs-setup', scope: 'endpoint', hint: 'Load a model into this server, then try again.' }
}

function redirectVerdict(answer: FailedAnswer): VerdictDraft {
  const location = answer.headers['location']
  const target = location === undefined ? undefined : hostOf(location)
  return {
    code: 'endpoint-moved',
    message: `HTTP ${answer.status}: redirects to ${target ?? (location === undefined ? 'an address it does not name' : 'another path of the same host')}; redirects are not followed.`,
  }
}

/** Only the host of a redirect is shown: its query may hold a token. */
function hostOf(location: string): string | undefined {
  try {
    const absolute = location.startsWith('//') ? `https:${location}` : location
    return new URL(absolute).host
  } catch {
    return undefined
  }
}

function forbiddenVerdict(answer: FailedAnswer, words: string): VerdictDraft {
  if (answer.headers['cf-mitigated'] === 'challenge' || looksLikeHtml(answer.body)) {
    return {
      code: 'unavailable',
      scope: 'endpoint',
      hint:
        'A firewall or bot protection in front of the service refused this machine; the key was not looked at. ' +
        'Try from another network, without a proxy, or use another provider.',
    }
  }
  if (WORDS.contentFilter.test(words)) return { code: 'content-filter' }
  if (WORDS.region.test(words)) return { code: 'region' }
  if (WORDS.licence.test(words)) {
    return {
      code: 'needs-setup',
      scope: 'model',
      hint: 'Accept the terms of the model on its page, with the account of this key.',
    }
  }
  if (/key limit exceeded/i.test(words)) return { code: 'credits', scope: 'key' }
  if (WORDS.noMoney.test(words)) return { code: 'credits' }
  if (WORDS.unsupported.test(words)) return { code: 'unsupported' }
  return { code: 'auth' }
}

function notFoundVerdict(answer: FailedAnswer, words: string): VerdictDraft {
  if (answer.json !== undefined) {
    if (WORDS.nothingLoaded.test(words)) return nothingLoaded()
    const code = byWords(words)
    if (code === 'unsupported' || code === 'model-not-served' || code === 'model-not-found') return { code }
  }
  return missingPath(answer)
}

function missingPath({ path }: FailedAnswer): VerdictDraft {
  return {
    code: 'not-found',
    hint: `The server has no ${path}. Check the base URL; another program may be listening there.`,
  }
}

function goneVerdict(words: string): VerdictDraft {
  // One model that was retired must not condemn the host.
  if (/\bmodel\b/i.test(words)) return { code: 'model-not-served', scope: 'model' }
  return { code: 'endpoint-gone' }
}

/** Cloudflare: the origin is down, refuses, cannot be found or has a broken certificate. */
const ORIGIN_DOWN = new Set([520, 521, 522, 523, 525, 526, 530])

function serverVerdict(answer: FailedAnswer, words: string): VerdictDraft {
  if (WORDS.contextTooLong.test(words)) return { code: 'context-too-long' }
  if (ORIGIN_DOWN.has(answer.status)) return { code: 'unavailable', scope: 'endpoint' }
  if (answer.status === 503 && (WORDS.loading.test(words) || estimatedMs(answer.json) !== undefined))
    return loadingVerdict(answer)
  if (WORDS.unsupported.test(words)) return { code: 'unsupported' }
  // Often over in a moment: worth one short pause before another target is asked.
  return { code: 'unavailable', next: 'here' }
}

function loadingVerdict(answer: FailedAnswer): VerdictDraft {
  const estimated = estimatedMs(answer.json)
  return { code: 'loading', ...(estimated === undefined ? {} : { until: answer.now + estimated }) }
}

/** `{"error":"Model X is currently loading","estimated_time":20.0}` (hf-inference), in ms, at most an hour. */
function estimatedMs(json: unknown): number | undefined {
  if (typeof json !== 'object' || json === null || !('estimated_time' in json)) return undefined
  const seconds = json.estimated_time
  return typeof seconds === 'number' && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : undefined
}

function insideSuccess(answer: FailedAnswer, said: ErrorText, words: string): VerdictDraft {
  const message = said.message === '' ? 'An error without a reason inside a success.' : said.message
  if (looksLikeHtml(answer.body)) {
    return {
      code: 'bad-response',
      message: `A web page instead of an answer: ${message}`,
      hint: 'Something else listens at this address. Check the base URL, its port and its path.',
    }
  }
  // LM Studio answers 200 for what it does not have.
  if (/unexpected endpoint or method/i.test(words)) return { ...missingPath(answer), message }
  if (WORDS.loading.test(words) || estimatedMs(answer.json) !== undefined)
    return { ...loadingVerdict(answer), message }
  if (/rate[_ -]?limit|too many requests/i.test(words))
    return { ...tooManyVerdict(answer, said, words), message }
  const code = byWords(words) ?? (WORDS.capacity.test(words) ? 'unavailable' : 'bad-response')
  return { code, message }
}

/** Codes that time cures: only for these a limit header says when. */
const CURED_BY_TIME: ReadonlySet<ErrorCode> = new Set([
  'rate-limit',
  'quota',
  'unavailable',
  'loading',
  'timeout',
])

function waitOf(code: ErrorCode, answer: FailedAnswer, said: ErrorText): number | undefined {
  return CURED_BY_TIME.has(code) ? toldMoment(answer, said) : undefined
}
