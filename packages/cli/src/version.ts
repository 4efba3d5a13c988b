import { createRequire } from 'node:module'

/** The version of this package, from its `package.json`: the same path from `src` and from `dist`. */
export function version(): string {
  const about: unknown = createRequire(import.meta.url)('../package.json')
  const found = typeof about === 'object' && about !== null && 'version' in about ? about.version : undefined
  return typeof found === 'string' ? found : 'unknown'
}
