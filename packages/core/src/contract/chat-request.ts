import type { Message } from './message.js'
import type { ResponseFormat } from './response-format.js'
import type { Tool, ToolChoice } from './tool.js'

/** How much a model should think before it answers; `off` asks for none. Absent: the model's default. */
export type ReasoningEffort = 'off' | 'low' | 'medium' | 'high'

/** How to generate, the same words for every back end. Absent members mean the back end's default. */
export interface GenerationOptions {
  readonly tools?: readonly Tool[]
  readonly toolChoice?: ToolChoice
  readonly responseFormat?: ResponseFormat
  /** 0 is the most predictable; usual range 0 to 2. */
  readonly temperature?: number
  /** Nucleus sampling, above 0 up to 1. */
  readonly topP?: number
  /** Most tokens to generate. Reaching it gives finish reason `length`. */
  readonly maxTokens?: number
  /** Texts that end the answer; they are not part of it. */
  readonly stop?: readonly string[]
  /** Whole number; equal seeds give equal text where `supports.seed`. */
  readonly seed?: number
  readonly reasoning?: ReasoningEffort
  /**
   * Wishes only one provider understands, by provider id, handed on as they are:
   * `{ ollama: { contextTokens: 8192 } }`. Each provider documents and types its own.
   */
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** A chat request as a provider receives it: already checked, with the model chosen. */
export interface ChatRequest extends GenerationOptions {
  /** An id from this provider's `models()` or as the user spelled it for this provider. */
  readonly model: string
  /** At least one message. */
  readonly messages: readonly Message[]
  /**
   * The caller's floor: the prompt must not leave this machine. A local provider that can pass a prompt on
   * to somebody else's machine refuses with `unsupported` instead.
   */
  readonly localOnly?: boolean
}
