/** What the choice of a window depends on. Tokens everywhere. */
export interface ContextNeed {
  /** The likely size of the prompt. */
  readonly prompt: number
  /** The longest answer asked for; absent: {@link DEFAULT_ANSWER_TOKENS}, or more for thinking models. */
  readonly answer?: number
  readonly thinks?: boolean
  /** The window the caller set: used as it is. */
  readonly fixed?: number
  /** The largest window to ask for on one's own account. */
  readonly ceiling?: number
  /** The longest window of the model; absent: not known. */
  readonly trained?: number
  /** `num_ctx` of the model's Modelfile. */
  readonly modelfile?: number
  /** The window of the instance in memory; absent: none is. */
  readonly running?: number
}

/** Room for an answer whose length the caller left open. */
export const DEFAULT_ANSWER_TOKENS = 2_048

/** The same for a model that thinks before it answers. */
export const THINKING_ANSWER_TOKENS = 6_144

/** The smallest window asked for: the server's own default on a machine without a large GPU. */
export const SMALLEST_CONTEXT = 4_096

/** The largest window for a model that does not tell how far it was trained. */
const UNKNOWN_MODEL_CEILING = 32_768

/** Estimates run low for rare words and languages; a window too small costs the whole answer. */
const MARGIN = 1.15

/**
 * The window to ask for: the smallest of 4096, 8192, 16384 … that holds prompt and answer, so that
 * few sizes are in use and the model is seldom loaded anew. The Modelfile's own size goes first
 * where it suffices, and an instance in memory that is larger is kept. Never more than the model
 * was trained for.
 */
export function chooseContext(need: ContextNeed): number {
  const ceiling = Math.min(
    need.trained ?? Math.max(UNKNOWN_MODEL_CEILING, need.running ?? 0),
    need.ceiling ?? Infinity,
  )
  if (need.fixed !== undefined) return Math.min(need.fixed, need.trained ?? Infinity)
  const open = need.thinks === true ? THINKING_ANSWER_TOKENS : DEFAULT_ANSWER_TOKENS
  const wanted = Math.ceil(need.prompt * MARGIN) + (need.answer ?? open)
  let chosen = need.modelfile !== undefined && need.modelfile >= wanted ? need.modelfile : bucketFor(wanted)
  if (need.running !== undefined && need.running > chosen) chosen = need.running
  return Math.min(chosen, ceiling)
}

function bucketFor(wanted: number): number {
  let bucket = SMALLEST_CONTEXT
  // Stops by itself: beyond 2^30 no model goes, and doubling would overflow a 32-bit number on the server.
  while (bucket < wanted && bucket < 2 ** 30) bucket *= 2
  return bucket
}
