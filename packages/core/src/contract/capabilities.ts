/**
 * What a back end (or one model of it) can do. A provider declares the most it can carry;
 * a model card narrows that down. Missing on a card means "not known": the attempt decides.
 */
export interface Capabilities {
  /** Text arrives while it is generated. */
  readonly streaming: boolean
  /** Tool definitions are accepted and calls come back with ids. */
  readonly tools: boolean
  /** The answer can be forced to be some JSON value. */
  readonly json: boolean
  /** The answer can be forced to follow a JSON Schema. */
  readonly jsonSchema: boolean
  /** Image parts in user messages are seen by the model. */
  readonly vision: boolean
  /** Thinking is separated from the answer and arrives as `reasoning` events. */
  readonly reasoning: boolean
  /** Equal seed and equal request give equal text on the same machine. */
  readonly seed: boolean
  /** A conversation that ends with an assistant message is continued, not answered anew. */
  readonly prefill: boolean
  /** Log probabilities of tokens can be asked for. */
  readonly logprobs: boolean
}

/** A name of a {@link Capabilities} member. */
export type Capability = keyof Capabilities
