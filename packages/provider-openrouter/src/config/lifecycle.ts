import type { Lifecycle } from '@openmux/core'

/** How far this package is along its life. */
export const LIFECYCLE: Lifecycle = { stage: 'active', since: '2026-11-23' }
