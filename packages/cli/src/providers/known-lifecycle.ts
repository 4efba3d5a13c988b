import type { Lifecycle } from '@openmux/core'

/** `openmux.lifecycle` of the provider packages' `package.json` files: the build puts it here. */
declare const KNOWN_LIFECYCLES: Readonly<Record<string, Lifecycle>>

/**
 * How far a package was along its life when this program was built: for telling of one that is not installed, or
 * that nobody loads because it has no key.
 */
export function knownLifecycle(packageName: string): Lifecycle {
  const known = KNOWN_LIFECYCLES[packageName]
  if (known === undefined) throw new Error(`${packageName} has no lifecycle in its package.json`)
  return known
}
