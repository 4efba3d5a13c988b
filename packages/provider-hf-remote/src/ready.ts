import { type CallContext, isOpenMuxError, type OpenMuxError, type Readiness } from '@openmux/core'
import { objectOf, textOf } from '@openmux/http'
import { TOKEN_PAGE } from './config/token.js'
import type { RemoteEngine } from './remote-engine.js'

/** How long a token that was checked is believed, ms: whoami is limited more tightly than the rest of the hub. */
const BELIEVED_FOR = 300_000
const WAIT_MS = 2_500

/** The check of a token, and its memory. */
export interface ReadyCheck {
  ready(context: CallContext): Promise<Readiness>
  /** Forgets what was believed: the provider is closed. */
  forget(): void
}

/** Whether the provider could answer. The token is checked by `GET /api/whoami-v2`, which costs nothing. */
export function createReady(engine: RemoteEngine): ReadyCheck {
  let known: { readonly readiness: Readiness; readonly until: number } | undefined
  const ready: ReadyCheck['ready'] = async (context) => {
    const { token } = engine
    if (token.value === undefined)
      return no(token.problem ?? 'Hugging Face needs a token, and none is set.', [token.remedy])
    const now = context.clock.now()
    if (known !== undefined && now < known.until) return known.readiness
    try {
      const timeouts = { headersMs: WAIT_MS, idleMs: WAIT_MS }
      const { value } = await engine.hub.json({ path: '/api/whoami-v2', context, timeouts })
      known = { readiness: { ready: true, detail: detailOf(value) }, until: now + BELIEVED_FOR }
      return known.readiness
    } catch (error) {
      if (!isOpenMuxError(error) || error.code === 'aborted') throw error
      return explain(engine, error)
    }
  }
  return {
    ready,
    forget() {
      known = undefined
    },
  }
}

function explain({ token, hub }: RemoteEngine, error: OpenMuxError): Readiness {
  switch (error.code) {
    case 'rate-limit':
    case 'quota':
      // The hub counts these checks; inference is counted elsewhere.
      return { ready: true, detail: 'The token could not be checked just now: too many checks.' }
    case 'auth':
      return no('Hugging Face does not accept the token.', [token.remedy])
    case 'network':
    case 'timeout':
      return no(`${hub.host} cannot be reached: ${error.message}`, [
        error.hint,
        'Check the network, a proxy, and the option hubURL.',
      ])
    default:
      return no(error.message, [error.hint])
  }
}

/** The account, and a doubt about the permission where the token's list can be read and lacks it. The shape of that list is not documented, so it never says no. */
function detailOf(answer: unknown): string {
  const name = textOf(objectOf(answer)?.['name'])
  const who = name === undefined ? 'token accepted' : `token of ${name}`
  return lacksPermission(answer)
    ? `${who}; it seems to lack "Make calls to Inference Providers" (${TOKEN_PAGE})`
    : who
}

/** Whether the token's list of permissions can be read and lacks the one for inference. */
export function lacksPermission(answer: unknown): boolean {
  const accessToken = objectOf(objectOf(objectOf(answer)?.['auth'])?.['accessToken'])
  const fineGrained = objectOf(accessToken?.['fineGrained'])
  return fineGrained !== undefined && !JSON.stringify(fineGrained).includes('inference.serverless.write')
}

function no(reason: string, remedies: readonly string[]): Readiness {
  return { ready: false, reason, remedies }
}
