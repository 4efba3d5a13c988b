import type { Lifecycle } from '../contract/lifecycle.js'
import type { Provider } from '../contract/provider.js'

/** A provider as far as its life goes. */
type Living = Pick<Provider, 'id' | 'name' | 'lifecycle'>

/** For people: why a disabled provider is left out, and what to do, simplest first. */
export function whyDisabled({ id, lifecycle }: Living): {
  readonly reasons: readonly string[]
  readonly remedies: readonly string[]
} {
  const { replacement } = lifecycle
  const force = `force ${id} on, if you know that it works.`
  return {
    reasons: [disabledSince(lifecycle)],
    remedies: replacement === undefined ? [`F${force.slice(1)}`] : [asAdvice(replacement), `Or ${force}`],
  }
}

/** What whoever uses a provider is told with its first answer. */
export function lifecycleNotice({ id, name, lifecycle }: Living): string | undefined {
  // Only who forces it on gets here.
  if (lifecycle.stage === 'disabled') {
    return `${name} is ${disabledSince(lifecycle)}. It answers because ${id} was forced on.`
  }
  return lifecycle.notice
}

function disabledSince({ since, reason }: Lifecycle): string {
  return `disabled since ${since}${reason === undefined ? '' : `: ${reason.replace(/\.$/, '')}`}`
}

function asAdvice(replacement: string): string {
  return /\s/.test(replacement) ? replacement : `Use ${replacement} instead.`
}
