/** A signal that follows others until it is let go. */
export interface LinkedSignal {
  readonly signal: AbortSignal
  /** Lets go of the others; nothing of the link stays attached to them. */
  readonly release: () => void
}

/**
 * A signal that is aborted with the first of `sources`. A link of our own instead of `AbortSignal.any`: a caller may
 * keep one signal for thousands of calls, and what `any` attaches to it goes only when memory is next tidied up.
 */
export function linkedSignal(...sources: readonly AbortSignal[]): LinkedSignal {
  const controller = new AbortController()
  const release = (): void => {
    for (const source of sources) source.removeEventListener('abort', follow)
  }
  const follow = (): void => {
    release()
    controller.abort(sources.find((source) => source.aborted)?.reason)
  }
  if (sources.some((source) => source.aborted)) follow()
  else for (const source of sources) source.addEventListener('abort', follow)
  return { signal: controller.signal, release }
}
