import type { OpenMuxError, Readiness } from '@openmux/core'
import { isLoopback } from '@openmux/http'

/** The address that is used when nobody set one. */
const DEFAULT_HOST = '127.0.0.1:11434'

/** The remedy of a machine without Ollama. */
export const INSTALL = 'Install Ollama: https://ollama.com/download'

/**
 * Why no connection to `host` (`host:port`) came about. Only a refusal means that nothing runs there;
 * a name that leads nowhere, or a server that speaks no TLS, is a wrong address.
 */
export function unreachable(error: OpenMuxError, host: string): Readiness {
  if (!isRefusal(error)) return no(error.message, [...checkAddress(host), error.hint])
  return no(
    `No Ollama answers at ${host}.`,
    isThisMachine(host)
      ? [...checkAddress(host), 'Start it: ollama serve', INSTALL, ...elsewhere(host)]
      : [
          ...checkAddress(host),
          'On that machine, start Ollama so that others reach it: set OLLAMA_HOST=0.0.0.0 there.',
        ],
  )
}

/** An address that somebody set may be the mistake: to be looked at first. */
export function checkAddress(host: string): readonly string[] {
  return host === DEFAULT_HOST ? [] : [`Check OLLAMA_HOST (it says ${host}).`]
}

/** Nobody set an address: that there is one to set. */
export function elsewhere(host: string): readonly string[] {
  return host === DEFAULT_HOST ? ['If it runs elsewhere, set OLLAMA_HOST to host:port.'] : []
}

/** Whether `host` (`host:port`) is this machine. */
export function isThisMachine(host: string): boolean {
  return isLoopback(host.slice(0, host.lastIndexOf(':')))
}

/** By the words of `@openmux/http`: a cause inside a cause, where `fetch` puts the code, is not kept. */
function isRefusal({ message }: OpenMuxError): boolean {
  return message.includes('the connection was refused')
}

function no(reason: string, remedies: readonly string[]): Readiness {
  return { ready: false, reason, remedies }
}
