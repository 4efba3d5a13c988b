import type { Lifecycle } from '@openmux/core'

/** Where this provider is in its life. */
export const LIFECYCLE: Lifecycle = { stage: 'active', since: '2026-11-23' }
