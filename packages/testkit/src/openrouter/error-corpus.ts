import { AVAILABILITY_CASES } from './errors/availability-cases.js'
import { KEY_CASES } from './errors/key-cases.js'
import { LIMIT_CASES } from './errors/limit-cases.js'
import { REQUEST_CASES } from './errors/request-cases.js'
import { SERVER_CASES } from './errors/server-cases.js'
import type { OpenRouterErrorCase } from './errors/error-case.js'

/** Error answers of OpenRouter with what they mean. Others can extend it: one entry an answer, with its source. */
export const OPENROUTER_ERRORS: readonly OpenRouterErrorCase[] = [
  ...KEY_CASES,
  ...LIMIT_CASES,
  ...AVAILABILITY_CASES,
  ...REQUEST_CASES,
  ...SERVER_CASES,
]
