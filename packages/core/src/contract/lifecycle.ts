/**
 * How far a provider package is along its life.
 * - `experimental`: works against what we know of its back end; not yet confirmed, may change with any version.
 * - `active`: kept working.
 * - `deprecated`: works, and will go away; its first answer carries the `notice`.
 * - `disabled`: its back end does not work; the package waits for better days.
 */
export type LifecycleStage = 'experimental' | 'active' | 'deprecated' | 'disabled'

/**
 * The state of a back end as its package knows it. `disabled` costs no request and no key:
 * the orchestrator skips it with `provider-disabled` unless the user forces it on.
 */
export interface Lifecycle {
  readonly stage: LifecycleStage
  /** Day this stage began, `YYYY-MM-DD`. */
  readonly since: string
  /** Why the stage is not `active`. */
  readonly reason?: string
  /** What to use instead: the name of a package, or a sentence that says it. */
  readonly replacement?: string
  /** One sentence for users: a warning of the first answer that an orchestrator gets from the provider. */
  readonly notice?: string
  /** Day on which a person should look again, `YYYY-MM-DD`. */
  readonly nextReview?: string
}
