import { fileURLToPath } from 'node:url'

/** A model folder that a package brings along: an entry for the option `models` of `@openmux/provider-hf-local`. */
export interface PackagedModel {
  /** Absolute path of the folder; nothing is ever written there. */
  readonly model: string
  /** What it is shown and named as. */
  readonly name: string
  /** What it is, for people. It answers only when nobody else can. */
  readonly lastResort: string
}

/**
 * The guide to OpenMux: a decoder of a few million weights, 8-bit, that knows how OpenMux is set up and used, and
 * nothing else. Read its card (`model/README.md`) for what it cannot do.
 *
 * @example
 * createOpenMux({ providers: [ollama(), hfLocal({ models: [modelNano] })] })
 */
export const modelNano: PackagedModel = {
  // The same from `src` and from `dist`.
  model: fileURLToPath(new URL('../model', import.meta.url)),
  name: 'openmux/nano',
  lastResort: 'the built-in guide to OpenMux',
}
