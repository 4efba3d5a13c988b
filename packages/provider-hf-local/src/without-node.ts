import type { OpenMuxError } from '@openmux/core'
import { DECLARED } from './declared.js'
import { failure } from './failures.js'
import type { HfLocalProvider } from './hf-local.js'
import type { HfLocalOptions } from './options.js'

export { DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDING_MODEL } from './default-models.js'
export { LIFECYCLE } from './lifecycle.js'

const REASON = 'Models in the process need Node: worker threads and a file system.'
const REMEDY = 'In a browser, use a provider over HTTP, such as a server of your own.'

/**
 * What bundlers for browsers take instead (condition `browser`): a provider that is not ready and says why, so that the
 * next one answers. Its calls throw `needs-setup`.
 */
export function hfLocal(_options: HfLocalOptions = {}): HfLocalProvider {
  return {
    ...DECLARED,
    hosts: [],
    cacheFolder: '',
    ready: async () => ({ ready: false, reason: REASON, remedies: [REMEDY] }),
    models: async () => [],
    recommend: async () => [],
    chat: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(needsNode()) }) }),
    embed: () => Promise.reject(needsNode()),
    download: () => Promise.reject(needsNode()),
    remove: () => Promise.reject(needsNode()),
    close: async () => undefined,
  }
}

function needsNode(): OpenMuxError {
  return failure('needs-setup', REASON, { scope: 'machine', hint: REMEDY })
}
