/** The variables of a process by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Everything of an environment that says by which proxy requests go. */
const VARIABLES = [
  'https_proxy',
  'HTTPS_PROXY',
  'http_proxy',
  'HTTP_PROXY',
  'no_proxy',
  'NO_PROXY',
  'REQUEST_METHOD',
] as const

/**
 * Those variables of `environment` that say by which proxy requests go, and no others: for a client that must not find
 * keys there.
 */
export function onlyProxyVariables(environment: Environment): Environment {
  return Object.fromEntries(VARIABLES.map((name) => [name, environment[name]]))
}

/** The variables of this process; none where there is no process. */
export function ownEnvironment(): Environment {
  return typeof process === 'undefined' ? {} : process.env
}
