import { type CallContext, isOpenMuxError, type OpenMuxError, type Readiness } from '@openmux/core'
import type { Engine } from '../engine.js'
import { checkAddress, elsewhere, INSTALL, isThisMachine, unreachable } from './unreachable.js'

/** Small, and good enough to see that all works: 1.3 GB. */
const FIRST_MODEL = 'llama3.2:1b'

/** Whether the server could answer now: it is there, it is Ollama, it lets us in, and it has a model. */
export async function ready({ api, settings }: Engine, context: CallContext): Promise<Readiness> {
  const { host, isCloud, hasKey } = settings
  if (isCloud && !hasKey) {
    return no('Ollama cloud needs a key, and none is set.', [
      'Set OLLAMA_API_KEY to a key from https://ollama.com/settings/keys.',
    ])
  }
  try {
    // The cloud has no version of its own.
    const version = isCloud ? undefined : await api.version(context)
    const models = await api.tags(context)
    const named = version === undefined ? 'Ollama cloud' : `Ollama ${version}`
    if (models.length > 0)
      return { ready: true, detail: `${named}, ${models.length} ${models.length === 1 ? 'model' : 'models'}` }
    return no(`${named} runs at ${host}, but no model is installed.`, [
      `Get a small one: ollama pull ${FIRST_MODEL}`,
    ])
  } catch (error) {
    if (!isOpenMuxError(error) || error.code === 'aborted') throw error
    return explain(error, host)
  }
}

function explain(error: OpenMuxError, host: string): Readiness {
  switch (error.code) {
    case 'network':
      return unreachable(error, host)
    case 'timeout':
      return no(`Ollama at ${host} does not answer in time.`, [
        ...checkAddress(host),
        isThisMachine(host)
          ? 'Look at its log, or stop it and start it again.'
          : 'See whether that machine runs and its firewall lets you through.',
        ...elsewhere(host),
      ])
    case 'auth':
    case 'credits':
      return no(`The server at ${host} does not let us in: ${error.message}`, [error.hint])
    case 'bad-response':
    case 'not-found':
    case 'endpoint-moved':
    case 'endpoint-gone':
      return no(`Something answers at ${host}, but it is not Ollama.`, [
        'Set OLLAMA_HOST to the host:port of your Ollama.',
        INSTALL,
      ])
    default:
      return no(error.message, [error.hint])
  }
}

function no(reason: string, remedies: readonly string[]): Readiness {
  return { ready: false, reason, remedies }
}
