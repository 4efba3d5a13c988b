import type { PackagedModel } from './index.js'

/** The same where there are no paths, for bundlers (condition `browser`): an address, which nobody can run a model from. */
export const modelNano: PackagedModel = {
  model: new URL('../model', import.meta.url).href,
  name: 'openmux/nano',
  lastResort: 'the built-in guide to OpenMux',
}
