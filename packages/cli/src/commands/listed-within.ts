import { type CallContext, type ModelCard, OpenMuxError, type Provider } from '@openmux/core'
import { duration } from '../render/quantities.js'

/** The same provider, whose list of models fails with `timeout` when it takes longer. `limitMs` undefined: no limit. */
export function listedWithin(provider: Provider, limitMs: number | undefined): Provider {
  return limitMs === undefined
    ? provider
    : { ...provider, models: (context) => within(provider, context, limitMs) }
}

async function within(
  provider: Provider,
  context: CallContext,
  limitMs: number,
): Promise<readonly ModelCard[]> {
  const giveUp = new AbortController()
  const signal = AbortSignal.any([context.signal, giveUp.signal])
  let cancel = (): void => undefined
  const tooSlow = new Promise<never>((_resolve, reject) => {
    cancel = context.clock.after(limitMs, () => {
      reject(
        new OpenMuxError({
          code: 'timeout',
          phase: 'first-token',
          provider: provider.id,
          message: `${provider.name} did not list its models within ${duration(limitMs)}.`,
          hint: 'Give it more time, for instance by --timeout 30; `openmux providers` tells how it stands.',
        }),
      )
      giveUp.abort()
    })
  })
  const asked = provider.models({ ...context, signal })
  asked.catch(() => undefined)
  try {
    return await Promise.race([asked, tooSlow])
  } finally {
    cancel()
  }
}
