import type { PromptSize } from './prompt-size.js'

/** What is known when an answer has ended. Tokens everywhere. */
export interface PromptEvidence {
  readonly size: PromptSize
  /** `prompt_eval_count`; absent when the server told none (all of it cached, or an old server). */
  readonly evaluated?: number
  /** The window that was asked for. */
  readonly context: number
}

/** Words a template may drop, and the few percent by which `atLeast` can be too high. */
const SLACK_TOKENS = 16
const SLACK_PART = 0.05

/**
 * Whether the server answered a shortened prompt, as servers before `truncate: false` do when the
 * conversation outgrows the window: they drop the oldest messages, or cut the text to the window's
 * size, and say nothing.
 *
 * Two signs count, each sure enough to throw an answer away:
 * - the prompt fills the whole window: it was cut to that size (or leaves no room to answer);
 * - fewer tokens were read than the text has words (less 5 % and 16), while the text could be too
 *   long for the window (its bytes outnumber it). The second half keeps a server that reports only
 *   the tokens its cache did not hold from being accused.
 *
 * A prompt that outgrew the window by less than about a third may go unseen by the second sign:
 * only the model's own tokenizer could tell.
 */
export function wasShortened({ size, evaluated, context }: PromptEvidence): boolean {
  if (evaluated === undefined) return false
  if (evaluated >= context) return true
  const sure = size.atLeast * (1 - SLACK_PART) - SLACK_TOKENS
  return evaluated < sure && size.atMost > context
}

/** Whether a prompt cannot fit whatever the tokenizer does: it need not even be sent. */
export function cannotFit(size: PromptSize, context: number): boolean {
  return size.atLeast * (1 - SLACK_PART) - SLACK_TOKENS > context
}
