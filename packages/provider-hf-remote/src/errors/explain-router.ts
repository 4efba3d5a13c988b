import { type ErrorVerdict, type FailedAnswer, objectOf } from '@openmux/http'
import { HUB_URL } from '../config/address.js'
import { TOKEN_PAGE } from '../config/token.js'
import { nextMonth } from './credits.js'
import { complete, type Draft, saidBy, wordsOf } from './draft.js'

const CREDITS =
  /(?:depleted|exceeded) your monthly included credits|pre-?paid credits|credit balance|insufficient credits/i
const NOT_SERVED = /model_not_supported|not supported by (?:any )?provider|model not supported by/i
const NOT_THERE = /model_not_found|requested model .{0,200}? does not exist/i
const PAUSED = /endpoint is paused|\binvalid state\b/i
const GATED = /gated (?:repo|model)|is restricted|authorized list|accept the (?:terms|conditions|licen[cs]e)/i
const PERMISSION = /sufficient permissions|on behalf of|does not have (?:the )?(?:required )?permission/i
const RETIRED = /api-inference\.huggingface\.co is no longer supported/i

/** The paths that exist, for people who meet a 404. */
const PATHS =
  'Chat goes to /v1/chat/completions, embeddings to /hf-inference/models/{id}/pipeline/feature-extraction of https://router.huggingface.co; there is nothing at /models/{id}, /hf-inference or /hf-inference/{id}.'

/**
 * What a failed answer of the router or the hub means; undefined leaves it to the general table. Sources: hub-docs
 * inference-providers, huggingface_hub utils/_http.py, answers recorded in public issues (see the error corpus in
 * `@openmux/testkit/hf-remote`).
 */
export function explainRouter(answer: FailedAnswer): ErrorVerdict | undefined {
  const said = saidBy(answer)
  return complete(
    hubDraft(answer) ?? wordDraft(answer, wordsOf(said)) ?? statusDraft(answer, wordsOf(said)),
    answer,
    said,
  )
}

/** The hub says what it means in a header (huggingface_hub utils/_http.py). */
function hubDraft({ headers }: FailedAnswer): Draft | undefined {
  const word = headers['x-error-code']
  // 401 too: the hub does not tell strangers whether a private model exists.
  if (word === 'RepoNotFound' || word === 'RevisionNotFound')
    return {
      code: 'model-not-found',
      hint: `Check the spelling at ${HUB_URL}/models; a private model needs a token that may read it.`,
    }
  return word === 'GatedRepo' ? gated() : undefined
}

/** Words that mean the same whatever status they come with, also in the middle of a stream. */
function wordDraft({ now, status }: FailedAnswer, words: string): Draft | undefined {
  if (CREDITS.test(words))
    return {
      code: 'credits',
      until: nextMonth(now),
      hint: `The month's credits are used up; they are renewed on the first of the next month. Buy credits at ${HUB_URL}/settings/billing, or use a local or free model.`,
    }
  if (RETIRED.test(words)) return gone()
  if (NOT_THERE.test(words))
    return {
      code: 'model-not-found',
      hint: `Check the spelling at ${HUB_URL}/models?inference_provider=all.`,
    }
  if (NOT_SERVED.test(words))
    return {
      code: 'model-not-served',
      hint: `See who serves which model at ${HUB_URL}/models?inference_provider=all.`,
    }
  if (status === 400 && PAUSED.test(words))
    return { code: 'model-not-served', hint: 'Hugging Face has paused this model; use another one.' }
  return undefined
}

function statusDraft(answer: FailedAnswer, words: string): Draft | undefined {
  const { status, json, now } = answer
  switch (status) {
    case 401:
      return { code: 'auth', hint: `The token was not accepted. Check it at ${TOKEN_PAGE}.` }
    case 402:
      return { code: 'credits', until: nextMonth(now), hint: `See ${HUB_URL}/settings/billing.` }
    case 403:
      if (GATED.test(words)) return gated()
      if (!PERMISSION.test(words)) return undefined
      return {
        code: 'auth',
        scope: 'key',
        hint: `Give the token the permission "Make calls to Inference Providers" at ${TOKEN_PAGE}; for an organisation (billTo) it must be allowed there.`,
      }
    case 404:
      return notFound(json, words)
    case 410:
      // One retired model must not condemn the host.
      return /\bmodel\b/i.test(words) ? undefined : gone()
    default:
      return undefined
  }
}

/** A plain-text 404 (`Not Found`, `Cannot POST …`) is about the path; JSON may be about the model. */
function notFound(json: unknown, words: string): Draft {
  const aboutModel = objectOf(json) !== undefined && /\bmodel\b/i.test(words)
  return aboutModel ? { code: 'model-not-found' } : { code: 'not-found', hint: PATHS }
}

function gone(): Draft {
  return {
    code: 'endpoint-gone',
    hint: 'This address was retired. Leave baseURL out (or give https://router.huggingface.co), or use a local model by @openmux/provider-hf-local.',
  }
}

function gated(): Draft {
  return {
    code: 'needs-setup',
    scope: 'model',
    hint: 'Accept the terms of the model on its page at huggingface.co, with the account of this token.',
  }
}
