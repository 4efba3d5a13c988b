/** How far a provider package is along its life. */
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
  /** What to use instead, as a package name or a sentence. */
  readonly replacement?: string
  /** One sentence shown to users once per process when the provider is used. */
  readonly notice?: string
  /** Day on which a person should look again, `YYYY-MM-DD`. */
  readonly nextReview?: string
}
