import type { Message } from '../contract/message.js'
import { estimateTokens } from './estimate-tokens.js'

/** How much of a conversation's estimated length must fit for a model to be worth a try: estimates err by a quarter. */
const CERTAIN = 0.75
/** A message costs a few tokens beside its text. */
const MESSAGE_OVERHEAD = 4

/** The length of a conversation, counted only as exactly as the question needs. */
export class ContextNeed {
  readonly #messages: readonly Message[]
  readonly #characters: number
  #tokens: number | undefined

  constructor(messages: readonly Message[]) {
    this.#messages = messages
    this.#characters = messages.reduce((sum, message) => sum + textOf(message).length, 0)
  }

  /** Tokens of the conversation, roughly. */
  get tokens(): number {
    this.#tokens ??= this.#messages.reduce(
      (sum, message) => sum + estimateTokens(textOf(message)) + MESSAGE_OVERHEAD,
      0,
    )
    return this.#tokens
  }

  /** Whether it is certain enough that a window of so many tokens is too short. */
  exceeds(window: number): boolean {
    // No text has more tokens than characters: most conversations are decided without counting.
    if (this.#characters + this.#messages.length * MESSAGE_OVERHEAD <= window) return false
    return this.tokens * CERTAIN > window
  }
}

/** For people: why a window is too short; undefined when it is not, or nobody knows. */
export function contextMisfit(window: number | undefined, need: ContextNeed | undefined): string | undefined {
  if (window === undefined || need === undefined || !need.exceeds(window)) return undefined
  return `the conversation has about ${need.tokens} tokens, its window ${window}`
}

/** The text of a message, without its images. */
export function textOf({ content }: Message): string {
  if (typeof content === 'string') return content
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}
