import type { Configuration } from './configuration.js'

/** An environment variable that stands for a key of the configuration. */
export interface Variable {
  readonly name: string
  readonly key: Exclude<keyof Configuration, 'providers' | 'order'>
  /** The text as the key's kind of value; a text that is none is handed on and refused by the schema. */
  readonly read: (text: string) => unknown
}

/** `docs/configuration.md` lists exactly these; a test holds the two together. */
export const VARIABLES: readonly Variable[] = [
  { name: 'OPENMUX_PROVIDER', key: 'provider', read: asText },
  { name: 'OPENMUX_MODEL', key: 'model', read: asText },
  { name: 'OPENMUX_EMBEDDING_MODEL', key: 'embeddingModel', read: asText },
  { name: 'OPENMUX_SYSTEM', key: 'system', read: asText },
  { name: 'OPENMUX_TIMEOUT', key: 'timeout', read: asNumber },
  { name: 'OPENMUX_MAX_ATTEMPTS', key: 'maxAttempts', read: asNumber },
  { name: 'OPENMUX_PREFER', key: 'prefer', read: asList },
  { name: 'OPENMUX_FORCE_ENABLED', key: 'forceEnabled', read: asList },
  { name: 'OPENMUX_LOCAL', key: 'localOnly', read: asSwitch },
  { name: 'OPENMUX_OFFLINE', key: 'offline', read: asSwitch },
  { name: 'OPENMUX_FREE', key: 'zeroCost', read: asSwitch },
  { name: 'OPENMUX_POLICY', key: 'policy', read: asText },
  { name: 'OPENMUX_ANSWER_CACHE', key: 'cache', read: asSwitch },
  { name: 'OPENMUX_NO_NANO', key: 'nano', read: asOppositeSwitch },
]

function asText(text: string): unknown {
  return text
}

function asNumber(text: string): unknown {
  const number = Number(text)
  return Number.isNaN(number) ? text : number
}

function asList(text: string): unknown {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

function asSwitch(text: string): unknown {
  const word = text.trim().toLowerCase()
  if (['1', 'true', 'yes', 'on'].includes(word)) return true
  if (['0', 'false', 'no', 'off'].includes(word)) return false
  return text
}

function asOppositeSwitch(text: string): unknown {
  const value = asSwitch(text)
  return typeof value === 'boolean' ? !value : value
}
