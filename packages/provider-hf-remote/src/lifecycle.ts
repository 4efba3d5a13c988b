import type { Lifecycle } from '@openmux/core'

/**
 * How far this package is along its life. `experimental`: it is built from documentation, code and published
 * recordings and tested against doubles of them, and no request has reached the live service yet.
 */
export const LIFECYCLE: Lifecycle = {
  stage: 'experimental',
  since: '2026-11-23',
  reason:
    'Built from the documentation and code of Hugging Face and tested against doubles; not yet confirmed against the live service.',
  nextReview: '2026-12-14',
}
