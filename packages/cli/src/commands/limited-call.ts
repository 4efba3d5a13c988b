import { type CallContext, isOpenMuxError, OpenMuxError, systemClock } from '@openmux/core'
import type { CommandContext } from './context.js'

/** A call straight to a provider, ended by Ctrl-C (`aborted`) and by the time of the run (`timeout`). */
export async function limitedCall<T>(
  { interrupts, settings }: Pick<CommandContext, 'interrupts' | 'settings'>,
  work: (call: CallContext) => Promise<T>,
): Promise<T> {
  const seconds = settings.configuration.timeout ?? 0
  const limit = new AbortController()
  const cancel = seconds === 0 ? undefined : systemClock.after(seconds * 1_000, () => limit.abort())
  try {
    return await work({ signal: AbortSignal.any([interrupts.signal, limit.signal]), clock: systemClock })
  } catch (error) {
    if (
      !isOpenMuxError(error) ||
      error.code !== 'aborted' ||
      interrupts.signal.aborted ||
      !limit.signal.aborted
    )
      throw error
    throw new OpenMuxError({
      code: 'timeout',
      phase: 'total',
      provider: error.provider,
      message: `It was not done within ${seconds} s.`,
      hint: 'Allow more time with --timeout.',
    })
  } finally {
    cancel?.()
  }
}
