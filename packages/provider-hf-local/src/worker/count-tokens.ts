import { WorkerProblem } from './failure.js'
import type { RuntimeTokenizer } from './runtime.js'

/** Characters that one token covers at most, outside of freak cases. */
const LONG_TOKEN = 8

/**
 * The ids of a text, or `context-too-long` when they leave no room for an answer of one token. Only
 * the beginning of a very long text is looked at: a megabyte would keep the tokenizer busy for long,
 * just to be refused.
 */
export function encodeWithin(
  tokenizer: RuntimeTokenizer,
  text: string,
  options: {
    readonly limit: number
    readonly specialTokens: boolean
    readonly what: string
    readonly input?: number
  },
): number[] {
  const encode = (part: string): number[] =>
    tokenizer.encode(part, { add_special_tokens: options.specialTokens })
  const refuse = (count: string): WorkerProblem =>
    new WorkerProblem({
      kind: 'context-too-long',
      message: `${options.what} ${count} tokens, and the window of the model takes at most ${options.limit}.`,
      ...(options.input === undefined ? {} : { input: options.input }),
    })
  const enough = (options.limit + 64) * LONG_TOKEN
  if (text.length > enough * 2) {
    const count = encode(text.slice(0, enough)).length
    if (count > options.limit + 8) throw refuse(`has more than ${count}`)
  }
  const ids = encode(text)
  if (ids.length > options.limit) throw refuse(`has ${ids.length}`)
  return ids
}
