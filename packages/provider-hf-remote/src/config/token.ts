import { OpenMuxError } from '@openmux/core'
import { serviceOfKey, shapeOf } from '@openmux/http'
import { bad } from './bad-option.js'

/** Where a token is made, and with which permission. */
export const TOKEN_PAGE = 'https://huggingface.co/settings/tokens'

/** What to do when there is no token. */
export const TOKEN_REMEDY = `Set HF_TOKEN to a token from ${TOKEN_PAGE} (fine-grained, with the permission "Make calls to Inference Providers"), or give the option token.`

/** A token as far as it can be judged without asking anybody. */
export interface Token {
  /** Absent: none is configured, or it must not be sent. */
  readonly value?: string
  /** Why there is none to send, for people. */
  readonly problem?: string
  /** What to do about it, or about a refusal. */
  readonly remedy: string
}

/**
 * The token to send. A blank one is the same as none; a key of another service is none with a reason. Throws
 * `bad-config`, field `token`, for what is no text or holds blanks.
 */
export function readToken(given: unknown, fromEnvironment: string | undefined): Token {
  if (given !== undefined && typeof given !== 'string')
    throw bad('token', `The option token must be a text; it is ${shapeOf(given)}.`, TOKEN_REMEDY)
  // A file that was read into the variable ends in a line break; that is nobody's mistake.
  const value = given ?? fromEnvironment?.trim()
  if (value === undefined || value.trim() === '')
    return { problem: 'Hugging Face needs a token, and none is set.', remedy: TOKEN_REMEDY }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw bad(
      'token',
      'The token holds blanks, line breaks or characters that no token has.',
      'Copy it again, without what stands around it; a file may end in a line break.',
    )
  }
  const owner = serviceOfKey(value)
  if (owner !== undefined && owner !== 'Hugging Face')
    return {
      problem: `The token looks like a key of ${owner}, so it was not sent to Hugging Face.`,
      remedy: TOKEN_REMEDY,
    }
  const remedy = value.startsWith('hf_')
    ? `Check the token at ${TOKEN_PAGE}: it may be revoked, or lack the permission "Make calls to Inference Providers".`
    : `A token of Hugging Face begins with hf_, this one does not. ${TOKEN_REMEDY}`
  return { value, remedy }
}

/** `auth` for what cannot be asked without a token. */
export function withoutToken({ problem, remedy }: Token, provider: string, model?: string): OpenMuxError {
  return new OpenMuxError({
    code: 'auth',
    provider,
    model,
    message: problem ?? 'Hugging Face needs a token, and none is set.',
    hint: remedy,
  })
}
