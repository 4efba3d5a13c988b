import { type CallContext, isOpenMuxError, type Readiness } from '@openmux/core'
import type { EndpointEngine } from './endpoint-engine.js'

const WAIT_MS = 2_500

/**
 * Whether the endpoint could answer, by `GET /health`. One that is scaled to zero is ready, as it can be waited for;
 * this very question wakes it.
 */
export async function endpointReady(
  { client, coldStart, token }: EndpointEngine,
  context: CallContext,
): Promise<Readiness> {
  try {
    await client.text({ path: '/health', context, timeouts: { headersMs: WAIT_MS, idleMs: WAIT_MS } })
    return { ready: true, detail: `${client.host} is up` }
  } catch (error) {
    if (!isOpenMuxError(error) || error.code === 'aborted') throw error
    switch (error.code) {
      case 'not-found':
        return { ready: true, detail: `${client.host} answers, but has no health check` }
      case 'loading':
        return coldStart.scaleUpTimeoutMs > 0
          ? { ready: true, detail: 'scaled to zero or starting: the first answer takes minutes' }
          : no('The endpoint is scaled to zero or starting.', [
              'Wait some minutes.',
              'Set scaleUpTimeoutMs above 0 to have requests wait.',
            ])
      case 'auth':
        return no(
          token === undefined
            ? 'The endpoint wants a token, and none is set.'
            : 'The endpoint does not accept the token.',
          ['Set HF_TOKEN, or the option token, to a token of the account that owns the endpoint.'],
        )
      case 'network':
      case 'timeout':
        return no(`${client.host} cannot be reached: ${error.message}`, [
          error.hint,
          'Check the option url; a deleted endpoint has no address any more.',
        ])
      default:
        return no(error.message, [error.hint])
    }
  }
}

function no(reason: string, remedies: readonly string[]): Readiness {
  return { ready: false, reason, remedies }
}
