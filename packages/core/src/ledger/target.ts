import type { Locality } from '../contract/locality.js'

/** Where one request can be sent. What is learned about it may hold for less, or for more, than just it. */
export interface Target {
  /** The id of the provider. */
  readonly provider: string
  /** What a failed connection says something about: the `host:port` it talks to. Empty: the provider itself. */
  readonly origin: string
  readonly model: string
  /** Default `remote`. A failing network of this machine keeps nobody from what runs on it. */
  readonly locality?: Locality
}

/** The provider's own id stands in where nothing is connected to. */
export function originOf({ origin, provider }: Target): string {
  return origin === '' ? provider : origin
}

/** Most characters of a name used as a key: callers choose model names, and memory is bounded. */
const NAME_LIMIT = 200

/** One key out of names of which only the last may hold line breaks; none is longer than {@link shortName} makes it. */
export function keyOf(first: string, second = '', last = ''): string {
  return `${first}\n${second}\n${last}`
}

/** The target by names that can be kept. */
export function shortTarget(target: Target): Target {
  const { provider, origin, model } = target
  if (Math.max(provider.length, origin.length, model.length) <= NAME_LIMIT) return target
  return { ...target, provider: shortName(provider), origin: shortName(origin), model: shortName(model) }
}

/** A name as it is kept: very long ones by their beginning and a checksum of the whole. */
export function shortName(name: string): string {
  if (name.length <= NAME_LIMIT) return name
  let sum = 0
  for (let index = 0; index < name.length; index += 1) sum = (sum * 31 + name.charCodeAt(index)) | 0
  return `${name.slice(0, NAME_LIMIT - 20)}~${name.length}~${(sum >>> 0).toString(36)}`
}
