import type { Task } from './task.js'

/**
 * What a look at one endpoint found.
 * - `as-expected`: it is what the package believes it to be.
 * - `works-again`: the package believes it to be gone, and it answers.
 * - `moved`: it redirects elsewhere.
 * - `gone`: 404, 405 or 410, or a model nobody serves any more.
 * - `changed-shape`: it answers, but not in the form the package reads.
 * - `unauthorised`: the key, or where we are, is refused.
 * - `quota`: credits, quota or rate are used up.
 * - `unreachable`: no answer, or one of the kind that time cures (5xx).
 * - `not-checked`: nothing was asked; the evidence says why.
 */
export type ProbeVerdict =
  | 'as-expected'
  | 'works-again'
  | 'moved'
  | 'gone'
  | 'changed-shape'
  | 'unauthorised'
  | 'quota'
  | 'unreachable'
  | 'not-checked'

/** Every {@link ProbeVerdict}. */
export const PROBE_VERDICTS: readonly ProbeVerdict[] = [
  'as-expected',
  'works-again',
  'moved',
  'gone',
  'changed-shape',
  'unauthorised',
  'quota',
  'unreachable',
  'not-checked',
]

/** What a package believes about an endpoint: that it works, or that it was retired. */
export type ProbeBelief = 'as-expected' | 'gone'

/** One endpoint, or one belief about it, compared with the real thing. Texts hold no key. */
export interface ProbeCheck {
  /** Stable from version to version and unique in its provider: `router.chat`. */
  readonly id: string
  /** Method and address, without what could hold a key: `POST https://host/path`. */
  readonly endpoint: string
  /** What the provider needs it for, in a few words. */
  readonly purpose: string
  /** Set when requests for this task go there. */
  readonly task?: Task
  readonly expected: ProbeBelief
  readonly verdict: ProbeVerdict
  /** Status of the answer, where there was one. */
  readonly status?: number
  /** What it rests on: the upstream's own words, or what was counted in its answer. At most {@link EVIDENCE_LIMIT} characters. */
  readonly evidence: string
  /** Whether something was generated for it. */
  readonly spent: boolean
  readonly durationMs: number
}

/** Characters of a {@link ProbeCheck}'s evidence. */
export const EVIDENCE_LIMIT = 300

/** What `probe` may do. */
export interface ProbeOptions {
  /** Allows one tiny generation for each task, which may count against a quota. Otherwise nothing is generated. */
  readonly spend: boolean
}
