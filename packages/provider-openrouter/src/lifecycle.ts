import type { Lifecycle } from '@openmux/core'

/** `openmux.lifecycle` of this package's `package.json`: the build puts it here. */
declare const PACKAGE_LIFECYCLE: Lifecycle

/** How far this package is along its life, as its manifest says. */
export const LIFECYCLE: Lifecycle = PACKAGE_LIFECYCLE
