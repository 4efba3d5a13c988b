import { isLoopback, shapeOf } from '@openmux/http'
import { bad } from './bad-option.js'

/** Where the router is. */
export const ROUTER_URL = 'https://router.huggingface.co'
/** Where the hub is. */
export const HUB_URL = 'https://huggingface.co'

const ENDPOINT_HINT = 'Use hfEndpoint({ url, task }) for a dedicated endpoint.'
const ROUTER_HINT = `Leave the option out, or give ${ROUTER_URL}; the provider itself adds /v1/chat/completions for chat and /hf-inference/models/{id}/pipeline/feature-extraction for embeddings.`

/**
 * The router's address without `/v1`, which the provider adds. Throws `bad-config`, field `baseURL`, with the way out:
 * for the retired host, for the paths that never existed on the router, for the hub and for a dedicated endpoint.
 */
export function readRouterURL(given: unknown): string {
  if (given === undefined) return ROUTER_URL
  const url = readURL('baseURL', given, ROUTER_HINT)
  const name = hostName(url)
  refuseRetired('baseURL', name, ROUTER_HINT)
  if (name === 'huggingface.co')
    throw bad('baseURL', 'The baseURL is that of the hub; it serves no inference.', ROUTER_HINT)
  if (name.endsWith('.endpoints.huggingface.cloud'))
    throw bad('baseURL', 'The baseURL is that of a dedicated Inference Endpoint.', ENDPOINT_HINT)
  const path = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')
  if (/\/(?:hf-inference|models|pipeline|chat|embeddings)(?:\/|$)/.test(path))
    throw bad(
      'baseURL',
      'The baseURL holds a path of the router, and requests behind it would get 404.',
      ROUTER_HINT,
    )
  return url.origin + path
}

/** The hub's address. Throws `bad-config`, field `hubURL`. */
export function readHubURL(given: unknown): string {
  if (given === undefined) return HUB_URL
  const hint = `Leave the option out, or give ${HUB_URL}.`
  const url = readURL('hubURL', given, hint)
  refuseRetired('hubURL', hostName(url), hint)
  return url.origin + url.pathname.replace(/\/+$/, '').replace(/\/api$/, '')
}

/** A dedicated endpoint's address, without `/v1` or a route. Throws `bad-config`, field `url`. */
export function readEndpointURL(given: unknown): string {
  const hint = 'Copy the "Endpoint URL" from https://endpoints.huggingface.co, without a path behind it.'
  const url = readURL('url', given, hint)
  const name = hostName(url)
  refuseRetired(
    'url',
    name,
    `It has no successor of the same kind. ${hint} For models served by others use hfRemote().`,
  )
  if (name === 'router.huggingface.co' || name === 'huggingface.co')
    throw bad(
      'url',
      'The url is that of the shared service, not of a dedicated endpoint.',
      'Use hfRemote() for the router.',
    )
  if (name === 'endpoints.huggingface.co' || name === 'api.endpoints.huggingface.cloud')
    throw bad('url', 'The url is that of the console where endpoints are managed.', hint)
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/(?:v1\/(?:chat\/completions|embeddings)|v1|embed|generate(?:_stream)?|health|info)$/, '')
  return url.origin + path
}

/** Whether a token from the environment may go there: only to Hugging Face's own hosts, and to this machine. */
export function isOwnHost(address: string): boolean {
  const name = hostName(new URL(address))
  return (
    name === 'huggingface.co' ||
    name.endsWith('.huggingface.co') ||
    name.endsWith('.endpoints.huggingface.cloud') ||
    isLoopback(name)
  )
}

function readURL(field: string, given: unknown, hint: string): URL {
  const url = typeof given === 'string' ? URL.parse(given) : null
  if (url === null) throw bad(field, `The option ${field} must be an address; it is ${shapeOf(given)}.`, hint)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw bad(field, `The option ${field} has the scheme ${url.protocol}, but must begin with https:.`, hint)
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw bad(
      field,
      `The option ${field} is an http: address of another machine: the token could be read on the way.`,
      'Use https://; http:// is for this machine only.',
    )
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw bad(
      field,
      `The option ${field} holds a user, a password, a query or a fragment.`,
      'Give the token as the option token, and the bare address here.',
    )
  return url
}

function refuseRetired(field: string, name: string, hint: string): void {
  if (name !== 'api-inference.huggingface.co') return
  throw bad(
    field,
    'api-inference.huggingface.co was retired: since November 2025 it answers every request with 410 Gone.',
    hint,
  )
}

function hostName(url: URL): string {
  return url.hostname.toLowerCase().replace(/\.$/, '')
}
